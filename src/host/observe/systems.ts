import { BACKENDS } from '../../host-bridge/render/backends.js';
import type { NetworkSystem } from '../../host-bridge/render/rendering.js';
import { compact } from '../../schema/values.js';

/** The traces of the network systems on a host. */
export interface SystemTraces {
  /** State of each device for NetworkManager, such as `connected` or `unmanaged`; absent when it does not run. */
  readonly networkmanager?: Readonly<Record<string, string>>;
  /** State of each device for systemd-networkd, such as `configured` or `unmanaged`; absent when it does not run. */
  readonly networkd?: Readonly<Record<string, string>>;
  /** Paths of netplan's files. */
  readonly netplan: readonly string[];
  /** Devices that ifupdown's files name. */
  readonly ifupdown: readonly string[];
  /** Devices with an ifcfg file of Red Hat's form. */
  readonly ifcfg: readonly string[];
  /** Devices with an ifcfg file of SUSE's form. */
  readonly wicked: readonly string[];
}

/** One network system: how its traces are found on a host, and what they tell. */
interface SystemRecord<Trace> {
  /** What manages the devices: a daemon, files that programs read, or a daemon that files are generated for. */
  readonly works: 'by-daemon' | 'by-files' | 'through-daemon';
  /** A piece of a POSIX script that prints its traces and changes nothing. */
  readonly probe: string;
  /** Reads what the probe printed; nothing is given where it failed, mostly since the system is not there. */
  readonly read: (output: string | undefined) => Trace;
  /** What shows that it manages a device; nothing where it does not. */
  readonly evidence: (trace: Trace, device: string) => string | undefined;
}

/** NetworkManager also lists what others have made; it manages what it has brought up itself. */
const NM_FOREIGN = /^(?:unmanaged|unavailable|disconnected|.*externally.*)$/;

/** Every network system. A new one is an entry here, beside its backend. */
export const SYSTEMS: { readonly [S in NetworkSystem]: SystemRecord<SystemTraces[S]> } = {
  networkmanager: {
    works: 'by-daemon',
    probe: 'nmcli -t -f DEVICE,STATE,CONNECTION device',
    read: nmStates,
    evidence: (states, device) => {
      const state = states?.[device];
      return state === undefined || NM_FOREIGN.test(state) ? undefined : `NetworkManager has it ${state}`;
    },
  },
  networkd: {
    works: 'by-daemon',
    probe: 'networkctl list --no-legend --no-pager',
    read: networkdStates,
    evidence: (states, device) => {
      const state = states?.[device] ?? '';
      return state === '' || state === 'unmanaged' ? undefined : `systemd-networkd has it ${state}`;
    },
  },
  netplan: {
    works: 'through-daemon',
    probe: 'for f in /etc/netplan/*.yaml /run/netplan/*.yaml /lib/netplan/*.yaml; do [ ! -e "$f" ] || echo "$f"; done',
    read: linesOf,
    evidence: (files) => files.join(', ') || undefined,
  },
  ifupdown: {
    works: 'by-files',
    probe: `for f in /etc/network/interfaces /etc/network/interfaces.d/*; do
    [ ! -f "$f" ] || sed -n 's/^[[:space:]]*iface[[:space:]]\\{1,\\}\\([^[:space:]]*\\).*/\\1/p' "$f"; done`,
    read: linesOf,
    evidence: (devices, device) =>
      devices.includes(device) ? `/etc/network/interfaces has iface ${device}` : undefined,
  },
  ifcfg: {
    works: 'by-files',
    probe: "ls /etc/sysconfig/network-scripts | sed -n 's/^ifcfg-//p'",
    read: linesOf,
    evidence: (devices, device) => (devices.includes(device) ? `there is an ifcfg-${device}` : undefined),
  },
  wicked: {
    works: 'by-files',
    probe: "ls /etc/sysconfig/network | sed -n 's/^ifcfg-//p'",
    read: linesOf,
    evidence: (devices, device) => (devices.includes(device) ? `there is a wicked ifcfg-${device}` : undefined),
  },
};

const isSystem = (name: string): name is NetworkSystem => Object.hasOwn(SYSTEMS, name);

/** The systems that work in one way. */
export const systemsThatWork = (way: SystemRecord<unknown>['works']): readonly NetworkSystem[] =>
  Object.keys(SYSTEMS)
    .filter(isSystem)
    .filter((system) => SYSTEMS[system].works === way);

/** What shows that a system manages a device; nothing where it does not. */
export const evidenceOf = <S extends NetworkSystem>(
  system: S,
  traces: SystemTraces,
  device: string,
): string | undefined => SYSTEMS[system].evidence(traces[system], device);

/** Reads what the probes of all systems printed. */
export function readTraces(outputs: { readonly [S in NetworkSystem]?: string }): SystemTraces {
  const traces: { readonly [S in NetworkSystem]: SystemTraces[S] } = {
    networkmanager: SYSTEMS.networkmanager.read(outputs.networkmanager),
    networkd: SYSTEMS.networkd.read(outputs.networkd),
    netplan: SYSTEMS.netplan.read(outputs.netplan),
    ifupdown: SYSTEMS.ifupdown.read(outputs.ifupdown),
    ifcfg: SYSTEMS.ifcfg.read(outputs.ifcfg),
    wicked: SYSTEMS.wicked.read(outputs.wicked),
  };
  return compact(traces);
}

/** Programs that matter here beside those of the backends. */
const OTHER_TOOLS = ['setsid', 'systemd-run', 'ping', 'arping', 'busybox', 'ifreload'];

/** Programs of which it matters whether a host has them. */
export const TOOLS: readonly string[] = [...new Set([...BACKENDS.flatMap(({ tool }) => tool ?? []), ...OTHER_TOOLS])];

/** The lines that say something, each once. */
export function linesOf(output = ''): string[] {
  return [...new Set(output.split('\n').filter((line) => line !== ''))];
}

/** Reads `nmcli -t`: fields with colons between them; a colon within one has a backslash. */
function nmStates(output: string | undefined): Record<string, string> | undefined {
  if (output === undefined) return undefined;
  const states = linesOf(output).map((line) => {
    const [device = '', state = ''] = line.split(/(?<!\\):/);
    return [device.replace(/\\(.)/g, '$1'), state] as const;
  });
  return Object.fromEntries(states);
}

/** Reads `networkctl list`: IDX LINK TYPE OPERATIONAL SETUP. */
function networkdStates(output: string | undefined): Record<string, string> | undefined {
  if (output === undefined) return undefined;
  const states = linesOf(output).map((line) => {
    const [, device = '', , , setup = ''] = line.trim().split(/\s+/);
    return [device, setup] as const;
  });
  return Object.fromEntries(states);
}
