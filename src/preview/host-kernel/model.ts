import type { HostRoute } from '../../host-facts/routes.js';
import type { RoutingRule } from '../../host-facts/routing-rules.js';

/** The switches and routes of a host that decide about packets beside its packet filters. */
export interface HostKernel {
  /** Settings by their names in `sysctl`, such as `net.ipv4.ip_forward`. A setting that is absent has the kernel's default. */
  readonly settings: ReadonlyMap<string, string>;
  /** The routes of both families, of all tables; nothing where they are not known. */
  readonly routes?: readonly HostRoute[];
  /** The rules that choose a table; nothing where they are not known. */
  readonly rules?: readonly RoutingRule[];
}

const numberAt = ({ settings }: HostKernel, name: string): number | undefined => {
  const value = settings.get(name);
  return value === undefined ? undefined : Number(value);
};

/** The name of a device within the name of a setting, which has slashes for dots. */
const inSetting = (device: string): string => device.replaceAll('.', '/');

/** The strictness by which the kernel looks for a way back to senders: 0 off, 1 strict, 2 loose. */
export function reversePathFilter(kernel: HostKernel, device: string): number {
  const of = (name: string): number => numberAt(kernel, `net.ipv4.conf.${name}.rp_filter`) ?? 0;
  return Math.max(of('all'), of(inSetting(device)));
}

/** Tells whether the look for a way back uses the packet's mark. */
export const marksReversePath = (kernel: HostKernel, device: string): boolean =>
  ['all', inSetting(device)].some((name) => numberAt(kernel, `net.ipv4.conf.${name}.src_valid_mark`) === 1);

/**
 * Tells whether packets that come in by a device are passed on; nothing where the settings do not say.
 *
 * @returns the setting that forbids it, where one does
 */
export function forwardingOf(
  kernel: HostKernel,
  family: 'ipv4' | 'ipv6',
  device: string,
): { readonly on: boolean; readonly setting: string } | undefined {
  if (kernel.settings.size === 0) return undefined;
  const names =
    family === 'ipv6'
      ? ['net.ipv6.conf.all.forwarding']
      : [`net.ipv4.conf.${inSetting(device)}.forwarding`, 'net.ipv4.ip_forward'];
  for (const setting of names) {
    const value = numberAt(kernel, setting);
    if (value !== undefined) return { on: value !== 0, setting };
  }
  return undefined;
}

/** Tells whether bridged packets go through the chains of a family too. */
export const filtersBridges = (kernel: HostKernel, family: 'ipv4' | 'ipv6', bridge: string): boolean => {
  const name = family === 'ipv4' ? 'iptables' : 'ip6tables';
  return (
    numberAt(kernel, `net.bridge.bridge-nf-call-${name}`) === 1 ||
    numberAt(kernel, `bridge.${bridge}.nf_call_${name}`) === 1
  );
};

/** The setting by which the host answers no echo requests; nothing where it does. */
export function echoLack(kernel: HostKernel, family: 'ipv4' | 'ipv6'): string | undefined {
  const setting = family === 'ipv4' ? 'net.ipv4.icmp_echo_ignore_all' : 'net.ipv6.icmp.echo_ignore_all';
  return numberAt(kernel, setting) === 1 ? `${setting} is 1` : undefined;
}
