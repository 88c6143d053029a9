// #region begin
import { connect, formatPlan, IsolatedNetwork, LibvirtError, NatNetwork, NetworkNic } from 'libvirt-network';
import { guests } from 'libvirt-network/guests';
import { mockTransport } from 'libvirt-network/testing';

const lab = NatNetwork.create('lab').subnet('10.9.1.1/24', (subnet) => subnet.dhcp('10.9.1.100', '10.9.1.199'));
const quarantine = IsolatedNetwork.create('quarantine');
const transport = mockTransport({ networks: [lab, quarantine] }); // for a real daemon: socket({ uri: 'qemu:///system' })
await using host = connect(transport);
for (const name of ['lab', 'quarantine']) await (await host.networks.get(name)).start();
const first = NetworkNic.create('lab', { model: 'virtio' }).withMac('52:54:00:00:00:01');
transport.addGuest({ name: 'web1', nics: [first] });
transport.addGuest({ name: 'old', active: false, nics: [first.withMac('52:54:00:00:00:02')] });
// #endregion

console.log('--- list');
// #region list
for (const { state, nics } of await guests(host).list({ network: 'lab' }))
  console.log(`${state.name} (${state.state}): ${nics.map(({ mac, network }) => `${mac} on ${network}`).join(', ')}`);
// #endregion

console.log('--- attach');
// #region attach
const web = await guests(host).get('web1');
const nic = await web.attach(NetworkNic.create('quarantine', { model: 'virtio' }));
console.log(nic.network);
const { mac = '' } = nic; // the one that it got
// #endregion

console.log('--- change');
// #region change
await web.setLink(mac, 'down');
await web.setBandwidth(mac, { inbound: { average: 1000, peak: 2000 } });
await web.change(mac, NetworkNic.create('lab'));
console.log((await web.nics()).map(({ network }) => network));
// #endregion

console.log('--- address');
transport.addLease('lab', { mac: '52:54:00:00:00:01', family: 'ipv4', address: '10.9.1.100', prefix: 24 });
// #region address
const { address } = await web.waitForAddress({ mac: '52:54:00:00:00:01' }, { timeoutMs: 30_000 });
console.log(address);
// #endregion

console.log('--- detach');
// #region detach
try {
  await web.detach(mac, { releaseMs: 10_000 });
  console.log('gone');
} catch (error) {
  if (LibvirtError.is(error) && error.code === 'GUEST_HOLDS_NIC') console.log('the guest does not let it go');
  else throw error;
}
// #endregion

console.log('--- events');
const onListening = () => web.attach(NetworkNic.create('quarantine')).then((one) => web.detach(one.mac ?? ''));
// #region events
for await (const { type, guest, device } of guests(host).events({ reconnect: true, onListening })) {
  if (type === 'gap') console.log('something was missed:', await guests(host).list());
  else console.log([guest, type, device].join(' ').trim());
  if (type === 'device-removed') break;
}
// #endregion

console.log('--- removal');
// #region removal
const users = await (await host.networks.get('lab')).guests();
console.log(users.map(({ state }) => state.name));
console.log(formatPlan(await host.networks.planAll([], { absent: ['lab'], inUse: true })));
// #endregion
