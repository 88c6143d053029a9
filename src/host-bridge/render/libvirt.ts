import type { HostInterface, InterfaceProtocol } from '../../schema/interface.js';
import { writeHostInterface } from '../../schema/small-formats/interface.js';
import { compact } from '../../schema/values.js';
import { type Backend, partlyLacks, type ReadyBridge, withoutVxlans } from '../backend.js';
import { monitorMs } from '../devices.js';
import type { AutoOverrides, PortDevice } from '../document.js';

const NO_WORD = 'libvirt’s interface format has no element for it';

/** libvirt's own description of host interfaces; writing them works only where libvirt was built with netcf. */
export const libvirt: Backend<'libvirt'> = {
  name: 'libvirt',
  title: 'libvirt interface',
  isPersistent: true,
  trial: 'kernel',
  tool: 'virsh',
  ownedBy: ['ifcfg'],
  lacks: {
    ...withoutVxlans(NO_WORD),
    mac: 'libvirt’s interface format has a MAC address for cards only',
    helloTime: NO_WORD,
    maxAge: NO_WORD,
    priority: NO_WORD,
    ageingTime: NO_WORD,
    multicastSnooping: NO_WORD,
    vlanFiltering: NO_WORD,
    defaultPvid: NO_WORD,
    ownVlans: NO_WORD,
    portMtu: 'libvirt drops the MTU of an interface inside a bridge',
    pathCost: NO_WORD,
    portPriority: NO_WORD,
    hairpin: NO_WORD,
    isolated: NO_WORD,
    portVlans: NO_WORD,
    clientId: NO_WORD,
    dnsServers: NO_WORD,
    dnsSearch: NO_WORD,
    routes: 'libvirt’s interface format has the default route only',
    routeMetric: NO_WORD,
    routeTable: NO_WORD,
    routeOnLink: NO_WORD,
    bondPort: partlyLacks('libvirt’s VLANs name the device below them, but do not describe it', ({ path }) =>
      path.endsWith('.parent'),
    ),
    bondMonitor: partlyLacks('libvirt’s VLANs name the device below them, but do not describe it', ({ path }) =>
      path.includes('.parent.'),
    ),
    lacpRate: NO_WORD,
    hashPolicy: NO_WORD,
    bondPrimary: NO_WORD,
    autoMetric4: NO_WORD,
    autoMetric6: NO_WORD,
    noDns6: partlyLacks('libvirt’s interface format has it for DHCP only', (_, { ipv6 }) => ipv6.auto !== 'dhcp'),
    gateway4: partlyLacks(
      'in libvirt’s interface format a gateway stands with fixed addresses',
      (_, { ipv4 }) => ipv4.addresses === undefined,
    ),
    gateway6: partlyLacks(
      'in libvirt’s interface format a gateway stands with fixed addresses',
      (_, { ipv6 }) => ipv6.addresses === undefined,
    ),
  },
  render(bridge) {
    const path = `/run/libvirt-network/${bridge.name}.xml`;
    return {
      files: [{ path, mode: 0o600, owner: 'root', content: writeHostInterface(interfaceOf(bridge)) }],
      apply: [
        ['virsh', 'iface-define', '--validate', path],
        ['virsh', 'iface-start', bridge.name],
      ],
      revert: [
        ['virsh', 'iface-destroy', bridge.name],
        ['virsh', 'iface-undefine', bridge.name],
      ],
      warnings: [
        ['HB_LIBVIRT_NEEDS_NETCF', ''],
        ...(bridge.ports.length === 0 ? [] : [['HB_MAC_DRIFTS', 'mac'] as const]),
      ],
    };
  },
};

function interfaceOf(bridge: ReadyBridge): HostInterface {
  const { name, mtu, stp, ports, autostart } = bridge;
  const protocols = [protocol4(bridge), protocol6(bridge)].filter((one) => one !== undefined);
  return {
    type: 'bridge',
    name,
    start: { mode: autostart ? 'onboot' : 'none' },
    ...(mtu === undefined ? {} : { mtu: { size: mtu } }),
    ...(protocols.length === 0 ? {} : { protocols }),
    bridge: {
      stp: stp.enabled,
      ...(stp.forwardDelay === undefined && stp.enabled ? {} : { delay: String(stp.forwardDelay ?? 0) }),
      interfaces: ports.map(portOf),
    },
  };
}

function protocol4({ ipv4 }: ReadyBridge): InterfaceProtocol | undefined {
  if (ipv4.auto === undefined && ipv4.addresses === undefined) return undefined;
  return compact({ family: 'ipv4' as const, dhcp: ipv4.auto && dhcpOf(ipv4), ...fixed(ipv4) });
}

function protocol6({ ipv6 }: ReadyBridge): InterfaceProtocol | undefined {
  if (ipv6.auto === undefined && ipv6.addresses === undefined) return undefined;
  return compact({
    family: 'ipv6' as const,
    autoconf: ipv6.auto === 'slaac' ? true : undefined,
    dhcp: ipv6.auto === 'dhcp' ? dhcpOf(ipv6) : undefined,
    ...fixed(ipv6),
  });
}

const dhcpOf = ({ useDns }: AutoOverrides) => (useDns === false ? { peerdns: false } : {});

const fixed = ({ addresses, gateway }: ReadyBridge['ipv4'] | ReadyBridge['ipv6']) => ({
  ips: addresses?.map((cidr) => {
    const [address = '', prefix] = cidr.split('/');
    return { address, prefix: Number(prefix) };
  }),
  route: gateway === undefined ? undefined : { gateway },
});

function portOf(port: PortDevice): HostInterface {
  if (port.type === 'nic' || port.type === 'vxlan') return { type: 'ethernet', name: port.name };
  if (port.type === 'vlan')
    return { type: 'vlan', name: port.name, vlan: { tag: String(port.id), interface: { name: port.parent.name } } };
  const freq = monitorMs(port);
  return {
    type: 'bond',
    name: port.name,
    bond: {
      mode: port.mode,
      ...(freq === undefined ? {} : { miimon: { freq } }),
      interfaces: port.devices.map((name) => ({ type: 'ethernet', name })),
    },
  };
}
