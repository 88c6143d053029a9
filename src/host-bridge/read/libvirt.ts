import { naturalPrefix, parseAddress } from '../../schema/address.js';
import type { HostInterface, InterfaceProtocol } from '../../schema/interface.js';
import { readHostInterface } from '../../schema/small-formats/read.js';
import { compact } from '../../schema/values.js';
import type { BridgePort, HostBridgeDocument } from '../document.js';
import { chooseBridge, type ReadContext, type SourceFile } from './context.js';
import { macOf } from './networkd.js';
import { decimal } from './values.js';

/** Reads `<interface type='bridge'>` documents. */
export function readLibvirt(files: readonly SourceFile[], context: ReadContext): HostBridgeDocument {
  const found = files.map((file) => ({ file, value: readHostInterface(file.content) }));
  const bridges = found.filter(({ value }) => value.type === 'bridge');
  const name = chooseBridge(
    bridges.map(({ value }) => value.name),
    context,
  );
  const chosen = bridges.find(({ value }) => value.name === name);
  if (chosen === undefined) return { name };
  const leaveOut = (what: string) => context.leaveOut(chosen.file, 1, what);
  return documentOf(chosen.value, leaveOut);
}

type LeaveOut = (what: string) => void;

function documentOf(value: HostInterface, leaveOut: LeaveOut): HostBridgeDocument {
  const { name, bridge, mtu, start, protocols = [] } = value;
  const ports = (bridge?.interfaces ?? []).map((port) => portOf(port, leaveOut));
  const delay = bridge?.delay === undefined ? undefined : decimal(bridge.delay);
  if (start?.mode === 'hotplug') leaveOut("<start mode='hotplug'>");
  tellExtra(value, leaveOut);
  return compact({
    name,
    ports: ports.length === 0 ? undefined : ports,
    mac: macOf(undefined, ports),
    mtu: mtu?.size,
    stp: compact({ enabled: bridge?.stp ?? false, forwardDelay: delay }),
    ...addressesOf(protocols, leaveOut),
    autostart: start?.mode === 'none' ? false : undefined,
  });
}

/** Reports parts that the schema does not know. */
function tellExtra(value: HostInterface, leaveOut: LeaveOut): void {
  for (const element of value.extra?.elements ?? []) leaveOut(`<${element.name}>`);
  for (const attribute of Object.keys(value.extra?.attributes ?? {})) leaveOut(`${attribute}= of <interface>`);
}

/** A port's address and the state of its link are those of the card, and no settings. */
function portOf(port: HostInterface, leaveOut: LeaveOut): BridgePort {
  for (const part of ['mac', 'link'] as const)
    if (port[part] !== undefined) leaveOut(`<${part}> of the port ${port.name}`);
  if (port.type === 'vlan' && port.vlan !== undefined) {
    const parent = { type: 'nic', name: port.vlan.interface.name } as const;
    return { type: 'vlan', name: port.name, id: Number(port.vlan.tag), parent };
  }
  return port.type === 'bond' ? bondOf(port, leaveOut) : { type: 'nic', name: port.name };
}

function bondOf({ name, bond }: HostInterface, leaveOut: LeaveOut): BridgePort {
  const { miimon, arpmon, mode = 'balance-rr', interfaces = [] } = bond ?? {};
  if (arpmon !== undefined) leaveOut(`<arpmon> of the bond ${name}`);
  for (const key of ['downdelay', 'updelay', 'carrier'] as const)
    if (miimon?.[key] !== undefined) leaveOut(`${key}= of the bond ${name}`);
  return compact({
    type: 'bond' as const,
    name,
    mode,
    devices: interfaces.map((one) => one.name),
    monitorInterval: miimon === undefined ? undefined : miimon.freq / 1000,
  });
}

function addressesOf(protocols: readonly InterfaceProtocol[], leaveOut: LeaveOut): Partial<HostBridgeDocument> {
  const [v4, v6] = [
    protocols.find(({ family }) => family === 'ipv4'),
    protocols.find(({ family }) => family === 'ipv6'),
  ];
  for (const one of [v4, v6]) if (one?.dhcp?.peerdns !== undefined) leaveOut(`peerdns= of <dhcp> for ${one.family}`);
  return compact({
    ipv4: compact({ auto: v4?.dhcp && ('dhcp' as const), ...fixedOf(v4) }),
    ipv6: compact({
      auto: v6?.dhcp ? ('dhcp' as const) : v6?.autoconf ? ('slaac' as const) : undefined,
      ...fixedOf(v6),
    }),
  });
}

const fixedOf = (protocol: InterfaceProtocol | undefined) =>
  compact({
    addresses: protocol?.ips?.flatMap(({ address, prefix }) => {
      if (address === undefined) return [];
      return [`${address}/${prefix ?? classOf(address)}`];
    }),
    gateway: protocol?.route?.gateway,
  });

/** The prefix that goes without saying: the class of an IPv4 address, 64 for IPv6. */
const classOf = (text: string): number | undefined => {
  const address = parseAddress(text);
  return address && naturalPrefix(address);
};
