import { naturalPrefix, parseAddress } from '../../schema/address.js';
import type { HostInterface, InterfaceProtocol } from '../../schema/interface.js';
import { readHostInterface } from '../../schema/small-formats/read.js';
import { compact } from '../../schema/values.js';
import type { BridgePort, HostBridgeDocument } from '../document.js';
import { chooseBridge, type ReadContext, type SourceFile } from './context.js';
import { tellLeft } from './libvirt-left.js';
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
  tellLeft(chosen.file, context);
  return readBridge(chosen.value);
}

function readBridge(value: HostInterface): HostBridgeDocument {
  const { name, bridge, mtu, start, protocols = [] } = value;
  const ports = (bridge?.interfaces ?? []).map(readPort);
  const delay = bridge?.delay === undefined ? undefined : decimal(bridge.delay);
  return compact({
    name,
    ports: ports.length === 0 ? undefined : ports,
    mac: macOf(undefined, ports),
    mtu: mtu?.size,
    stp: compact({ enabled: bridge?.stp ?? false, forwardDelay: delay }),
    ...readAddresses(protocols),
    autostart: start?.mode === 'none' ? false : undefined,
  });
}

function readPort(port: HostInterface): BridgePort {
  if (port.type === 'vlan' && port.vlan !== undefined) {
    const parent = { type: 'nic', name: port.vlan.interface.name } as const;
    return { type: 'vlan', name: port.name, id: Number(port.vlan.tag), parent };
  }
  return port.type === 'bond' ? readBond(port) : { type: 'nic', name: port.name };
}

function readBond({ name, bond }: HostInterface): BridgePort {
  const { miimon, mode = 'balance-rr', interfaces = [] } = bond ?? {};
  return compact({
    type: 'bond' as const,
    name,
    mode,
    devices: interfaces.map((one) => one.name),
    monitorInterval: miimon === undefined ? undefined : miimon.freq / 1000,
  });
}

function readAddresses(protocols: readonly InterfaceProtocol[]): Partial<HostBridgeDocument> {
  const [v4, v6] = [
    protocols.find(({ family }) => family === 'ipv4'),
    protocols.find(({ family }) => family === 'ipv6'),
  ];
  return compact({
    ipv4: compact({ auto: v4?.dhcp && ('dhcp' as const), useDns: noDns(v4), ...fixedOf(v4) }),
    ipv6: compact({
      auto: v6?.dhcp ? ('dhcp' as const) : v6?.autoconf ? ('slaac' as const) : undefined,
      useDns: noDns(v6),
      ...fixedOf(v6),
    }),
  });
}

const noDns = (protocol: InterfaceProtocol | undefined): false | undefined =>
  protocol?.dhcp?.peerdns === false ? false : undefined;

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
