import { optionsOf } from '../../options/options.js';
import type { Extra } from '../element.js';
import {
  type HostInterface,
  hostInterfaceTable,
  type InterfaceBond,
  type InterfaceBridge,
  type InterfaceLink,
  type InterfaceProtocol,
} from '../interface.js';
import { RELEASE_OPTION, type ReleaseOption } from '../release.js';
import { eachOf, type Reporter } from '../rules/context.js';
import { checkUnescaped } from '../rules/unsafe.js';
import { compact } from '../values.js';
import { type SmallFormat, writeCompanion } from './format.js';

type Type = HostInterface['type'];
type Part = keyof HostInterface;

/** The parts that each type has; libvirt looks at no others. */
const PARTS: Readonly<Record<Type, readonly Part[]>> = {
  ethernet: ['link', 'mac'],
  bridge: ['bridge'],
  bond: ['link', 'bond'],
  vlan: ['link', 'vlan'],
};

/** Parts of all types, but not of interfaces inside a bridge or a bond. */
const OUTER: readonly Part[] = ['start', 'mtu', 'protocols'];

/** The types that can stand in a bridge and in a bond. */
const NESTED: Readonly<Record<'bridge' | 'bond', readonly Type[]>> = {
  bridge: ['ethernet', 'vlan', 'bond'],
  bond: ['ethernet'],
};

const hasPart = (type: Type, part: string | number, isNested: boolean): boolean =>
  PARTS[type].some((one) => one === part) || (!isNested && OUTER.some((one) => one === part));

function check(value: HostInterface, context: Reporter): void {
  checkInterface(context, value, '');
  eachOf(value.protocols, 'protocols', (protocol, path) => {
    eachOf(protocol.ips, `${path}.ips`, (ip, at) => checkUnescaped(context, ip.address, `${at}.address`));
    checkUnescaped(context, protocol.route?.gateway, `${path}.route.gateway`);
  });
}

/** @param path - with a dot after it, or empty */
function checkInterface(context: Reporter, { type, bridge, bond, vlan, mac }: HostInterface, path: string): void {
  if (type === 'bridge') checkBridge(context, bridge, `${path}bridge`);
  else if (type === 'bond') checkBond(context, bond, `${path}bond`);
  else if (type === 'vlan') {
    if (vlan === undefined) context.report('INTERFACE_NEEDS', `${path}vlan`, { type });
    checkUnescaped(context, vlan?.tag, `${path}vlan.tag`);
    checkUnescaped(context, vlan?.interface?.name, `${path}vlan.interface.name`);
  } else checkUnescaped(context, mac?.address, `${path}mac.address`);
}

function checkBridge(context: Reporter, bridge: InterfaceBridge | undefined, path: string): void {
  if (bridge === undefined) context.report('INTERFACE_NEEDS', path, { type: 'bridge' });
  checkUnescaped(context, bridge?.delay, `${path}.delay`);
  checkPorts(context, bridge?.interfaces, `${path}.interfaces`, 'bridge');
}

function checkBond(context: Reporter, bond: InterfaceBond | undefined, path: string): void {
  if (bond === undefined) context.report('INTERFACE_NEEDS', path, { type: 'bond' });
  if (bond?.miimon === undefined) checkUnescaped(context, bond?.arpmon?.target, `${path}.arpmon.target`);
  checkPorts(context, bond?.interfaces, `${path}.interfaces`, 'bond');
}

function checkPorts(
  context: Reporter,
  list: readonly HostInterface[] | undefined,
  path: string,
  parent: 'bridge' | 'bond',
): void {
  eachOf(list, path, (one, at) => {
    const { type } = one;
    if (type === undefined) return;
    if (NESTED[parent].includes(type)) checkInterface(context, one, `${at}.`);
    else context.report('INTERFACE_NESTED', `${at}.type`, { type, parent });
  });
}

const canonical = (value: HostInterface): HostInterface => canonicalInterface(value, false);

function canonicalInterface(value: HostInterface, isNested: boolean): HostInterface {
  const kept = Object.fromEntries(
    Object.entries(value).filter(([key]) => key === 'name' || key === 'extra' || hasPart(value.type, key, isNested)),
  );
  const { start, mtu, protocols, link, mac, bridge, bond, vlan }: Partial<HostInterface> = kept;
  return compact({
    ...value,
    start: unlessEmpty(start, start?.mode),
    mtu: unlessEmpty(mtu, mtu?.size),
    protocols: protocols?.map(canonicalProtocol),
    link: canonicalLink(link),
    mac: unlessEmpty(mac, mac?.address),
    bridge: withCanonicalPorts(bridge),
    bond: canonicalBond(bond),
    vlan,
  });
}

/** Drops a part that has no effect in libvirt, unless it contains something unknown, which must not be lost. */
const unlessEmpty = <T extends { readonly extra?: Extra }>(value: T | undefined, content: unknown): T | undefined =>
  content || value?.extra !== undefined ? value : undefined;

function canonicalProtocol(protocol: InterfaceProtocol): InterfaceProtocol {
  return compact({
    ...protocol,
    autoconf: protocol.family === 'ipv6' ? protocol.autoconf : undefined,
    ips: protocol.ips
      ?.filter((ip) => ip.address !== undefined || ip.extra !== undefined)
      .map((ip) => compact({ ...ip, prefix: ip.prefix || undefined })),
    route: unlessEmpty(protocol.route, protocol.route?.gateway),
  });
}

function canonicalLink(link: InterfaceLink | undefined): InterfaceLink | undefined {
  return unlessEmpty(link && compact({ ...link, speed: link.speed || undefined }), link?.speed || link?.state);
}

/** libvirt reads delays below 0, but does not print them. */
const positive = (delay: number | undefined): number | undefined =>
  delay !== undefined && delay > 0 ? delay : undefined;

function canonicalBond(bond: InterfaceBond | undefined): InterfaceBond | undefined {
  const miimon = bond?.miimon;
  if (bond === undefined || miimon === undefined) return withCanonicalPorts(bond);
  const kept = compact({ ...miimon, downdelay: positive(miimon.downdelay), updelay: positive(miimon.updelay) });
  // libvirt takes miimon when both are there.
  return withCanonicalPorts(compact({ ...bond, miimon: kept, arpmon: undefined }));
}

function withCanonicalPorts<T extends InterfaceBridge | InterfaceBond>(parent: T | undefined): T | undefined {
  if (parent?.interfaces === undefined) return parent;
  return { ...parent, interfaces: parent.interfaces.map((one) => canonicalInterface(one, true)) };
}

type Keys = readonly (string | number)[];

function looksAt(keys: Keys, value: HostInterface, isNested = false): boolean {
  const [part, list] = keys;
  if (part === undefined || part === 'type' || part === 'name') return true;
  if (value.type !== undefined && !hasPart(value.type, part, isNested)) return false;
  if (part === 'protocols') return looksAtAddress(keys, value);
  if (part === 'bond' && list === 'arpmon') return value.bond?.miimon === undefined;
  return list !== 'interfaces' || looksAtPort(keys, part === 'bond' ? value.bond : value.bridge);
}

/** libvirt skips `<ip>` without an address. */
function looksAtAddress([, protocol, list, ip]: Keys, { protocols }: HostInterface): boolean {
  return list !== 'ips' || protocols?.[Number(protocol)]?.ips?.[Number(ip)]?.address !== undefined;
}

function looksAtPort([, , index, ...rest]: Keys, parent: InterfaceBridge | InterfaceBond | undefined): boolean {
  const port = parent?.interfaces?.[Number(index)];
  return port === undefined || looksAt(rest, port, true);
}

/** `<interface>` for the shared reader and writer. */
export const hostInterfaceFormat: SmallFormat<HostInterface> = { table: hostInterfaceTable, check, canonical, looksAt };

/**
 * Prints a host interface as libvirt prints it.
 *
 * @param value - the interface
 * @param options - the libvirt release to print for
 * @returns the `<interface>` element as text, with a line break at the end
 * @throws {@link ValidationError} code `VALIDATION` when libvirt would refuse the interface, or print it malformed
 */
export const writeHostInterface = (value: HostInterface, options: ReleaseOption = {}): string =>
  writeCompanion(hostInterfaceFormat, value, optionsOf(options, RELEASE_OPTION, 'writeHostInterface'));
