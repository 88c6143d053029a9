import {
  applyAll,
  BridgedNetwork,
  BridgeNic,
  ClientNic,
  connect,
  DirectNetwork,
  DirectNic,
  EthernetNic,
  editXml,
  FilterBinding,
  GuestNic,
  HostBridge,
  HostdevNetwork,
  HostdevNic,
  InternalNic,
  IsolatedNetwork,
  MulticastNic,
  NatNetwork,
  Network,
  NetworkNic,
  NullNic,
  NwFilter,
  ServerNic,
  UdpNic,
  UserNic,
  VdpaNic,
  VdsNic,
  VhostUserNic,
  watchNetworks,
} from 'libvirt-network';
import { editDomainXml, filters, guests, nicsOf, readTopology } from 'libvirt-network/guests';
import {
  applyHostBridge,
  applyRendering,
  discover,
  installPortForwards,
  localRunner,
  localView,
  nicChoices,
  observe,
  pending,
  recordingRunner,
  removeHostBridge,
  removePortForwards,
  requireBridge,
  sshRunner,
} from 'libvirt-network/host';
import { readHostBridge, readHostNetwork, renderHostBridge } from 'libvirt-network/host-files';
import { OvsdbReplica, ovn, ovsdb } from 'libvirt-network/ovn';
import { renderFlowDiagram, renderTopology } from 'libvirt-network/pictures';
import { planAbsence, planNetwork } from 'libvirt-network/plan';
import {
  checkFirewall,
  dnsmasqConfig,
  explainFlow,
  firewallBase,
  firewallRules,
  portForwardHook,
  reachability,
  readHostFirewall,
  readHostKernel,
  renderIptablesSave,
} from 'libvirt-network/preview';
import { mockTransport } from 'libvirt-network/testing';
import { eventStream, within } from 'libvirt-network/transport';
import { virsh } from 'libvirt-network/virsh';
import {
  checkNetwork,
  inspectNetwork,
  readHostInterface,
  readNetwork,
  readNetworkPort,
  readXml,
  writeHostInterface,
  writeNetworkPort,
  writeXml,
} from 'libvirt-network/xml';

/** Calls a public function with the given options, and with whatever else it needs. */
export type OptionCall = (options: never) => unknown;

const text = '<network><name>a</name></network>';
const lab = NatNetwork.create('lab').bridge('virbr9').subnet('192.168.50.1/24');
const lan = HostBridge.create('br0').port('eno1');
const bridged = BridgedNetwork.create({ name: 'b', bridge: 'br0' });
const port = {
  uuid: '11111111-1111-1111-1111-111111111111',
  owner: { name: 'g', uuid: '22222222-2222-2222-2222-222222222222' },
  mac: { address: '52:54:00:00:00:01' },
};
const filter = NwFilter.create('f');
const nic = BridgeNic.create('b');
const DOMAIN = "<domain type='kvm'><devices/></domain>";
const socket = { address: '10.0.0.1', port: 5558 };
const backend = 'iptables';
const topology = { networks: [lab], backend } as const;
const subject = { operation: 'network.start', label: 'x' } as const;
const runner = recordingRunner();
const cloud = ovn({ northbound: 'unix:/nowhere' });
const database = ovsdb({ endpoints: 'unix:/nowhere' });
const closed = new AbortController().signal;
const session = { use: () => new Promise(() => {}) } as never;
const replica = new OvsdbReplica({ session, closed, id: 'x', wait: async () => undefined as never }, {});
const element = { type: 'element', name: 'a', attributes: {}, children: [] } as const;
const namespace = { uri: 'urn:a', prefix: 'a', read: () => undefined, write: () => element };

const mock = mockTransport({ networks: [lab] });
const { networks, interfaces, info } = Object.assign(connect(mock), {
  info: (options: never) => connect(mock).info(options),
});
const handle = networks.get('lab');
mock.addGuest({ name: 'web', active: false, nics: [lab.guestNic({ mac: '52:54:00:00:00:31' })] });
const guest = guests(connect(mock)).get('web');
const MAC = '52:54:00:00:00:31';
const allFilters = filters(connect(mock));
const BINDING =
  "<filterbinding><owner><name>g</name><uuid>11111111-1111-1111-1111-111111111111</uuid></owner><portdev name='vnet0'/><mac address='52:54:00:00:00:01'/><filterref filter='f'/></filterbinding>";

/** The calls, each with options that are right; a test adds a property that nobody knows. */
export const OPTION_CALLS: Readonly<Record<string, readonly [call: OptionCall, right?: object]>> = {
  'Network.parse#1': [(o) => Network.parse(text, o)],
  'editXml#2': [(o) => editXml(text, (network) => network, o)],
  'BaseNetwork.guestNic#0': [(o) => lab.guestNic(o)],
  'BaseNetwork.validate#0': [(o) => lab.validate(o)],
  'BaseNetwork.toXml#0': [(o) => lab.toXml(o)],
  'BaseNetwork.assertDefinable#0': [(o) => lab.assertDefinable(o)],
  'BaseNetwork.asStored#0': [(o) => lab.asStored(o)],
  'NwFilter.create#1': [(o) => NwFilter.create('f', o)],
  'NwFilter.parse#1': [(o) => NwFilter.parse("<filter name='f'/>", o)],
  'NwFilter.allow#2': [(o) => filter.allow('in', {}, o)],
  'NwFilter.drop#2': [(o) => filter.drop('in', {}, o)],
  'NwFilter.reject#2': [(o) => filter.reject('in', {}, o)],
  'NwFilter.noSpoofing#0': [(o) => filter.noSpoofing(o)],
  'FilterValue.validate#0': [(o) => filter.validate(o)],
  'FilterValue.toXml#0': [(o) => filter.toXml(o)],
  'FilterValue.asStored#0': [(o) => filter.asStored(o)],
  'Filters.names#0': [(o) => allFilters.names(o)],
  'Filters.list#0': [(o) => allFilters.list(o)],
  'Filters.get#1': [(o) => allFilters.get('f', o)],
  'Filters.define#1': [(o) => allFilters.define(filter, o)],
  'Filters.undefine#1': [(o) => allFilters.undefine('f', o)],
  'Filters.bindings#0': [(o) => allFilters.bindings(o)],
  'Filters.bind#1': [(o) => allFilters.bind(FilterBinding.parse(BINDING), o)],
  'Filters.unbind#1': [(o) => allFilters.unbind('vnet0', o)],
  'FilterBinding.parse#1': [(o) => FilterBinding.parse('<filterbinding/>', o)],
  'GuestNic.parse#1': [(o) => GuestNic.parse("<interface type='user'/>", o)],
  'nicsOf#1': [(o) => nicsOf(DOMAIN, o)],
  'editDomainXml#2': [(o) => editDomainXml(DOMAIN, (nics) => nics, o)],
  'BaseNic.validate#0': [(o) => nic.validate(o)],
  'BaseNic.toXml#0': [(o) => nic.toXml(o)],
  'BaseNic.assertDefinable#0': [(o) => nic.assertDefinable(o)],
  'BaseNic.asStored#0': [(o) => UserNic.create().asStored(o)],
  'NetworkNic.create#1': [(o) => NetworkNic.create('n', o)],
  'NetworkNic.onNetwork#1': [(o) => lab.guestNic(o)],
  'NetworkNic.asStored#0': [(o) => lab.guestNic().asStored(o)],
  'BridgeNic.create#1': [(o) => BridgeNic.create('b', o)],
  'BridgeNic.asStored#0': [(o) => nic.asStored(o)],
  'DirectNic.create#1': [(o) => DirectNic.create('e', o)],
  'DirectNic.asStored#0': [(o) => DirectNic.create('e').asStored(o)],
  'EthernetNic.create#0': [(o) => EthernetNic.create(o)],
  'UserNic.create#0': [(o) => UserNic.create(o)],
  'VhostUserNic.create#1': [(o) => VhostUserNic.create('/s', o)],
  'VdpaNic.create#1': [(o) => VdpaNic.create('/d', o)],
  'HostdevNic.create#1': [(o) => HostdevNic.create({ type: 'pci', bus: 3 }, o)],
  'InternalNic.create#1': [(o) => InternalNic.create('n', o)],
  'UdpNic.create#1': [(o) => UdpNic.create({ ...socket, local: socket }, o)],
  'ServerNic.create#1': [(o) => ServerNic.create(socket, o)],
  'ClientNic.create#1': [(o) => ClientNic.create(socket, o)],
  'MulticastNic.create#1': [(o) => MulticastNic.create(socket, o)],
  'NullNic.create#0': [(o) => NullNic.create(o)],
  'VdsNic.create#1': [(o) => VdsNic.create({ switchid: port.uuid }, o)],
  'BridgedNetwork.create#0': [(o) => BridgedNetwork.create(o), { name: 'a', bridge: 'b' }],
  'BridgedNetwork.openVswitch#0': [(o) => bridged.openVswitch(o)],
  'DirectNetwork.create#0': [(o) => DirectNetwork.create(o), { name: 'a', mode: 'vepa', devices: ['e'] }],
  'HostdevNetwork.create#0': [(o) => HostdevNetwork.create(o), { name: 'a', pf: 'e' }],
  'IsolatedNetwork.create#1': [(o) => IsolatedNetwork.create('a', o)],
  'VirtualNetwork.bridge#1': [(o) => lab.bridge('b', o)],
  'VirtualNetwork.domain#1': [(o) => lab.domain('d', o)],
  'VirtualNetwork.dns#0': [(o) => lab.dns(o)],
  'VirtualNetwork.route#0': [(o) => lab.route(o), { to: '10.0.0.0/8', via: '192.168.50.2' }],
  'VirtualNetwork.reserve#0': [(o) => lab.reserve(o), { name: 'a' }],
  'VirtualNetwork.reserve#1': [(o) => lab.reserve({ name: 'a' }, o)],
  'VirtualNetwork.reservation#0': [(o) => lab.reservation(o), { name: 'a' }],
  'VirtualNetwork.withoutReservation#0': [(o) => lab.withoutReservation(o), { name: 'a' }],
  'VirtualNetwork.withoutDnsSrv#0': [(o) => lab.withoutDnsSrv(o), { service: 'a' }],
  'VirtualNetwork.withoutDnsForwarder#0': [(o) => lab.withoutDnsForwarder(o), { addr: '8.8.8.8' }],
  'NatNetwork.forwardPort#0': [
    (o) => lab.forwardPort(o),
    { protocol: 'tcp', hostPort: 80, to: { ip: '192.168.50.2' } },
  ],
  'SubnetBuilder.dhcp#2': [(o) => lab.subnet('10.0.0.1/24', (s) => s.dhcp('10.0.0.2', '10.0.0.9', o))],
  'SubnetBuilder.host#0': [(o) => lab.subnet('10.0.0.1/24', (s) => s.host(o)), { name: 'a', ip: '10.0.0.2' }],
  'SubnetBuilder.bootp#1': [(o) => lab.subnet('10.0.0.1/24', (s) => s.bootp('f', o))],
  'HostBridge.takeOver#2': [(o) => HostBridge.takeOver('eno1', readHostNetwork('networkd', []), o)],
  'HostBridge.dhcp4#0': [(o) => lan.dhcp4(o)],
  'HostBridge.guestNic#0': [(o) => lan.guestNic(o)],
  'HostBridge.render#1': [(o) => lan.render('networkd', o), { macs: { eno1: '52:54:00:00:00:01' } }],
  'applyAll#1': [(o) => applyAll([], o)],
  'DesiredNetworks.plan#1': [(o) => networks.plan(lab, o)],
  'DesiredNetworks.ensure#1': [(o) => networks.ensure(lab, o)],
  'DesiredNetworks.ensureAbsent#1': [(o) => networks.ensureAbsent('nobody', o)],
  'DesiredNetworks.prune#1': [(o) => networks.prune('nobody', o)],
  'DesiredNetworks.preflight#1': [(o) => networks.preflight(lab, o)],
  'DesiredNetworks.auto#2': [(o) => networks.auto(NatNetwork, 'auto', o)],
  'DesiredNetworks.planAll#1': [(o) => networks.planAll([], o)],
  'DesiredNetworks.ensureAll#1': [(o) => networks.ensureAll([], o)],
  'MockTransport.addGuest#0': [async (o) => mock.addGuest(o), { name: 'other' }],
  'NetworkHandle.guests#0': [async (o) => (await handle).guests(o)],
  'Guests.list#0': [(o) => guests(connect(mock)).list(o)],
  'Guests.get#1': [(o) => guests(connect(mock)).get('web', o)],
  'GuestHandle.info#0': [async (o) => (await guest).info(o)],
  'GuestHandle.nics#0': [async (o) => (await guest).nics(o)],
  'GuestHandle.attach#1': [async (o) => (await guest).attach(lab.guestNic(), o)],
  'GuestHandle.detach#1': [async (o) => (await guest).detach(MAC, o)],
  'GuestHandle.change#2': [async (o) => (await guest).change(MAC, lab.guestNic(), o)],
  'GuestHandle.setLink#2': [async (o) => (await guest).setLink(MAC, 'up', o)],
  'GuestHandle.bandwidth#1': [async (o) => (await guest).bandwidth(MAC, o)],
  'GuestHandle.setBandwidth#2': [async (o) => (await guest).setBandwidth(MAC, {}, o)],
  'GuestHandle.addresses#0': [async (o) => (await guest).addresses(o)],
  'GuestHandle.statistics#1': [async (o) => (await guest).statistics(MAC, o)],
  'GuestHandle.waitForAddress#0': [async (o) => (await guest).waitForAddress(o)],
  'GuestHandle.waitForAddress#1': [async (o) => (await guest).waitForAddress({}, o)],
  'readTopology#1': [(o) => readTopology(connect(mock), o), { backend }],
  'NetworkHandle.start#0': [async (o) => (await handle).start(o)],
  'NetworkHandle.destroy#0': [async (o) => (await handle).destroy(o)],
  'NetworkHandle.undefine#0': [async (o) => (await handle).undefine(o)],
  'NetworkHandle.setAutostart#1': [async (o) => (await handle).setAutostart(true, o)],
  'NetworkHandle.info#0': [async (o) => (await handle).info(o)],
  'NetworkHandle.read#0': [async (o) => (await handle).read(o)],
  'NetworkHandle.update#3': [
    async (o) => (await handle).update('dns-host', 'add-last', { ip: '10.0.0.1', hostnames: ['a'] }, o),
  ],
  'NetworkHandle.leases#0': [async (o) => (await handle).leases(o)],
  'NetworkHandle.waitForLease#0': [
    async (o) => (await handle).waitForLease(o, { timeoutMs: 1 }),
    { mac: '52:54:00:00:00:01' },
  ],
  'NetworkHandle.waitForLease#1': [async (o) => (await handle).waitForLease({ hostname: 'a' }, o)],
  'NetworkHandle.waitUntil#1': [async (o) => (await handle).waitUntil('inactive', o)],
  'NetworkHandle.ports#0': [async (o) => (await handle).ports(o)],
  'NetworkHandle.createPort#1': [async (o) => (await handle).createPort(port, o)],
  'NetworkHandle.deletePort#1': [async (o) => (await handle).deletePort(port.uuid, o)],
  'NetworkHandle.getMetadata#1': [async (o) => (await handle).getMetadata(namespace, o)],
  'NetworkHandle.setMetadata#2': [async (o) => (await handle).setMetadata(namespace, 1, o)],
  'NetworkHandle.removeMetadata#1': [async (o) => (await handle).removeMetadata(namespace, o)],
  'NetworkHandle.setTitle#1': [async (o) => (await handle).setTitle('t', o)],
  'NetworkHandle.setDescription#1': [async (o) => (await handle).setDescription('t', o)],
  'Host.info#0': [(o) => info(o)],
  'Interfaces.list#0': [(o) => interfaces.list(o)],
  'Interfaces.read#1': [(o) => interfaces.read('eno1', o)],
  'Networks.list#0': [(o) => networks.list(o)],
  'Networks.states#0': [(o) => networks.states(o)],
  'Networks.readAll#0': [(o) => networks.readAll(o)],
  'Networks.get#1': [(o) => networks.get('lab', o)],
  'Networks.define#1': [(o) => networks.define(lab, o)],
  'Networks.create#1': [(o) => networks.create(lab, o)],
  'Networks.temporary#1': [(o) => networks.temporary(lab, o)],
  'Networks.events#0': [(o) => networks.events(o)],
  'watchNetworks#1': [(o) => watchNetworks(connect(mock), o)],
  'inspectNetwork#1': [(o) => inspectNetwork(text, o)],
  'readNetwork#1': [(o) => readNetwork(text, o)],
  'checkNetwork#1': [(o) => checkNetwork({ name: 'a' }, o)],
  'writeHostInterface#1': [(o) => writeHostInterface({ type: 'ethernet', name: 'a' }, o)],
  'writeNetworkPort#1': [(o) => writeNetworkPort(port, o)],
  'readHostInterface#1': [(o) => readHostInterface("<interface type='ethernet' name='a'/>", o)],
  'readNetworkPort#1': [(o) => readNetworkPort('<networkport/>', o)],
  'readXml#1': [(o) => readXml(text, o)],
  'writeXml#1': [(o) => writeXml(element, o)],
  'dnsmasqConfig#1': [(o) => dnsmasqConfig(lab, o)],
  'checkFirewall#2': [(o) => checkFirewall(lab, readHostFirewall({ iptablesSave: '' }), o), { backend }],
  'firewallBase#0': [(o) => firewallBase(o), { backend }],
  'firewallRules#1': [(o) => firewallRules(lab, o), { backend }],
  'readHostFirewall#0': [(o) => readHostFirewall(o), { iptablesSave: '' }],
  'readHostKernel#0': [(o) => readHostKernel(o)],
  'renderIptablesSave#1': [(o) => renderIptablesSave([], o)],
  'renderTopology#0': [(o) => renderTopology(o, { format: 'text' }), topology],
  'renderTopology#1': [(o) => renderTopology(topology, o), { format: 'text' }],
  'renderFlowDiagram#1': [
    (o) => renderFlowDiagram(explainFlow(topology, { from: 'host', to: 'outside' }), o),
    { format: 'text' },
  ],
  'explainFlow#0': [(o) => explainFlow(o, { from: 'host', to: 'outside' }), topology],
  'explainFlow#1': [(o) => explainFlow(topology, o), { from: 'host', to: 'outside' }],
  'reachability#0': [(o) => reachability(o), topology],
  'reachability#1': [(o) => reachability(topology, o)],
  'portForwardHook#1': [(o) => portForwardHook(lab, o), { backend }],
  'planAbsence#2': [(o) => planAbsence('a', {}, o)],
  'planNetwork#2': [(o) => planNetwork(lab, {}, o)],
  'readHostNetwork#2': [(o) => readHostNetwork('networkd', [], o)],
  'readHostBridge#2': [
    (o) =>
      readHostBridge(
        'ifupdown',
        [{ path: '/etc/network/interfaces', content: 'iface br0 inet manual\n bridge_ports none\n' }],
        o,
      ),
  ],
  'renderHostBridge#1': [(o) => renderHostBridge(lan, o), { backend: 'networkd', macs: { eno1: '52:54:00:00:00:01' } }],
  'eventStream#1': [(o) => eventStream('x', o, closed, async () => {})],
  'within#1': [(o) => within(subject, o, async () => {})],
  'VirshTransport.call#2': [(o) => virsh().call('network.list', {}, o)],
  'VirshTransport.events#0': [(o) => virsh().events(o)],
  'virsh#0': [(o) => virsh(o)],
  'ovsdb#0': [(o) => ovsdb(o), { endpoints: 'unix:/nowhere' }],
  'Ovsdb.transact#1': [(o) => database.transact([], o)],
  'Ovsdb.select#1': [(o) => database.select('ACL', o)],
  'Ovsdb.replica#1': [(o) => database.replica({}, o)],
  'Ovsdb.lock#1': [(o) => database.lock('mine', o)],
  'OvsdbReplica.until#1': [(o) => replica.until(() => 1, o)],
  'ovn#0': [(o) => ovn(o), { northbound: 'unix:/nowhere' }],
  'OvnNetworks.plan#1': [(o) => cloud.networks.plan(lab, o)],
  'OvnNetworks.ensure#1': [(o) => cloud.networks.ensure(lab, o)],
  'OvnNetworks.ensureAbsent#1': [(o) => cloud.networks.ensureAbsent('lab', o)],
  'OvnNetworks.prune#1': [(o) => cloud.networks.prune('mine', o)],
  'OvnNetworks.list#0': [(o) => cloud.networks.list(o)],
  'MockTransport.call#2': [(o) => mock.call('network.list', {}, o)],
  'MockTransport.events#0': [(o) => mock.events(o)],
  'mockTransport#0': [(o) => mockTransport(o)],
  'discover#0': [(o) => discover(o), { runner }],
  'localView#0': [(o) => localView(o)],
  'nicChoices#1': [(o) => nicChoices({ bridges: [], networks: [], observation: { devices: [] } } as never, o)],
  'observe#1': [(o) => observe(runner, o)],
  'requireBridge#1': [(o) => requireBridge('br0', o), { runner }],
  'installPortForwards#1': [(o) => installPortForwards(lab, o), { backend, runner }],
  'removePortForwards#1': [(o) => removePortForwards(lab, o), { backend, runner }],
  'localRunner#0': [(o) => localRunner(o)],
  'sshRunner#1': [(o) => sshRunner('kvm1', o)],
  'applyRendering#2': [
    (o) =>
      applyRendering(
        lan.render('iproute2', { macs: { eno1: '52:54:00:00:00:01' } }),
        { name: 'br0', ports: [], addresses: [], gateways: [] },
        o,
      ),
    { runner },
  ],
  'removeHostBridge#1': [(o) => removeHostBridge('br0', o), { runner }],
  'applyHostBridge#1': [(o) => applyHostBridge(lan, o), { runner }],
  'pending#0': [(o) => pending(o), { runner }],
};

/**
 * Parameters that are whole values: documents and parts of them, in which `validate()` reports an unknown property, and
 * what a function of the library returned or its caller implements.
 */
export const VALUES: ReadonlySet<string> = new Set([
  ...['HostBridgeDocument', 'NetworkDocument', 'HostInterface', 'NetworkPort', 'XmlElement', 'XmlNode', 'PortGroup'],
  ...['VirtualPort', 'DnsForwarder', 'DnsTxt', 'DnsSrv', 'DnsHost', 'Pick<Bandwidth, "inbound" | "outbound">'],
  ...['BridgePortOptions & Pick<NicPort, "mtu">', 'Omit<BondPort, "name" | "type"> & BridgePortOptions'],
  ...['VlanPortOptions', 'Omit<BridgeRoute, "to">', 'VlanFiltering', '{ readonly document: HostBridgeDocument; }'],
  ...['Readonly<Record<string, OvsdbWatch>>', 'OvsdbWatches'],
  ...['Pick<Ip, "address" | "netmask" | "prefix">', 'Iterable<string>', '{}', 'NonNullable<T>', 'AbortSignal'],
  ...['HostNetworkReading', 'Issue', 'Plan', 'HostFirewall', 'FirewallStep', 'FirewallRule', 'Flow', 'Reachability'],
  ...[
    'ObservedState',
    'Surroundings',
    'NetworkEvent',
    'Subject',
    'FailureDetails',
    'ExecRequest',
    'Fault',
    'LeaseRecord',
  ],
  ...['MockState', 'HostNetwork', 'Observation', 'PlanInput', 'RemovalInput', 'Rendering', 'ExpectedBridge'],
  ...['FilterDocument', 'FilterBindingDocument', 'FilterRule', 'FilterPackets', 'FilterValue<FilterDocument>'],
  ...[
    'Bandwidth',
    'NicDocument',
    'BaseNic<NicDocument>',
    'NicAddress',
    'NicDriver',
    'Readonly<Record<string, string | readonly string[]>>',
    'NicPortForward',
  ],
  ...['HostdevNicAddress', 'SocketNicSource', 'ServerNicSource', 'UdpNicSource', 'VdsNicSource', 'NicPatch<D>'],
  ...['Transport', 'Runner', 'ProgressStream', 'VirtualKind<N>', 'MetadataNamespace<T>', 'MetadataKey'],
]);
