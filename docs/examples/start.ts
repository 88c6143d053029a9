// What `npm start` shows: networks built, read back, changed and refused, and their life on a host. The host is the
// mock, so that no hypervisor is needed; with LIBVIRT_URI set, the same script drives that daemon.
import {
  BridgedNetwork,
  connect,
  editXml,
  formatIssue,
  IsolatedNetwork,
  LibvirtError,
  NatNetwork,
  Network,
  type NetworkHandle,
  RoutedNetwork,
  ValidationError,
} from 'libvirt-network';
import { mockTransport } from 'libvirt-network/testing';
import { virsh } from 'libvirt-network/virsh';

const heading = (text: string) => console.log(`\n=== ${text}\n`);

const lab = NatNetwork.create('lab')
  .bridge('virbr10')
  .domain('lab.test', { localOnly: true })
  .subnet('192.168.50.1/24', (subnet) =>
    subnet.dhcp('192.168.50.100', '192.168.50.199').host({ mac: '52:54:00:00:00:01', ip: '192.168.50.2', name: 'db' }),
  );
const dmz = RoutedNetwork.create('dmz')
  .via('eth1')
  .subnet('10.10.0.0/24', (subnet) => subnet.dhcp('10.10.0.50', '10.10.0.99'));
const backstage = IsolatedNetwork.create('backstage').subnet('10.77.0.1/24');
const lan = BridgedNetwork.create({ name: 'lan', bridge: 'br0' });

for (const network of [lab, dmz, backstage, lan]) {
  heading(`${network.kind}: ${network.name}`);
  console.log(network.toXml());
}

const document = `<!-- handed over by the previous admin -->
<network>
    <name>office</name>
    <forward mode="nat"/>
    <ip address="192.168.122.1" netmask="255.255.255.0">
        <dhcp>
            <range start="192.168.122.2" end="192.168.122.254"/> <!-- everybody -->
        </dhcp>
    </ip>
</network>
`;
const office = Network.parse(document);
const reserve = (network: typeof office) =>
  network.kind === 'nat' ? network.reserve({ mac: '52:54:00:aa:bb:cc', name: 'printer' }) : network;

heading('what changes when the printer gets an address of its own');
for (const { path, from, to } of office.diff(reserve(office))) {
  console.log(path, JSON.stringify(from) ?? '(nothing)', '->', JSON.stringify(to) ?? '(nothing)');
}

heading('the same change in the text somebody else wrote');
console.log(editXml(document, reserve));

heading('what an invalid network reports');
const broken = NatNetwork.create('broken/net').subnet('192.168.60.1/24', (subnet) =>
  subnet.dhcp('192.168.61.10', '192.168.60.5'),
);
try {
  broken.toXml();
} catch (error) {
  if (!(error instanceof ValidationError)) throw error;
  for (const issue of error.issues) console.log(formatIssue(issue));
}

heading('what a typing slip reports');
try {
  Network.parse(
    "<network>\n  <name>default</name>\n  <ipaddress='192.168.122.1' netmask='255.255.255.0'>\n  </ip>\n</network>",
  );
} catch (error) {
  if (!LibvirtError.is(error)) throw error;
  console.log(`${error.message}\nhint: ${error.hint}`);
}

const uri = process.env['LIBVIRT_URI'];
heading(`the life of the four networks on ${uri ?? 'the mock'}, with its events`);
const mock = mockTransport();
await using host = connect(uri === undefined ? mock : virsh({ uri }));
const networks = [lab, dmz.via('lo'), backstage, lan];
const guest = '52:54:00:00:00:02';

async function live(network: (typeof networks)[number]): Promise<void> {
  const net = await host.networks.define(network);
  await net.start();
  await net.setAutostart(true);
  const { active, autostart } = await net.info();
  console.log(`${net.name}: ${active ? 'runs' : 'is stopped'}, autostart ${autostart ? 'on' : 'off'}`);
  if (network === lab) await serve(net);
  await net.destroy();
  await net.undefine();
}

/** A reservation that is added while the network runs, and the lease that comes of it; on a real host nobody may ask. */
async function serve(net: NetworkHandle): Promise<void> {
  await net.update('ip-dhcp-host', 'add-last', { mac: guest, name: 'web', ip: '192.168.50.3' });
  const hosts = (await net.read()).document.ips?.[0]?.dhcp?.hosts;
  console.log('  reserved while it runs:', hosts?.map(({ name }) => name).join(', '));
  if (uri === undefined) mock.addLease(net.name, { mac: guest, family: 'ipv4', address: '192.168.50.3', prefix: 24 });
  try {
    console.log('  lent:', (await net.waitForLease({ mac: guest }, { timeoutMs: 1000 })).address);
  } catch (error) {
    if (!LibvirtError.is(error) || error.code !== 'TIMEOUT') throw error;
    console.log(`  nothing lent: ${error.hint}`);
  }
}

let listening = () => {};
const isListening = new Promise<void>((resolve) => {
  listening = resolve;
});
async function tell(): Promise<void> {
  for await (const { type, network } of host.networks.events({ onListening: listening })) {
    console.log(`  event: ${network} ${type}`);
    if (type === 'undefined' && network === lan.name) break;
  }
}
const telling = tell();
// A stream that cannot begin must not be waited for.
await Promise.race([isListening, telling]);
for (const network of networks) await live(network);
await telling;
const left = (await host.networks.states()).filter(({ name }) => networks.some((network) => network.name === name));
console.log('left over:', left.length, 'of ours');
