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

heading('what an invalid network is told');
const broken = NatNetwork.create('broken/net').subnet('192.168.60.1/24', (subnet) =>
  subnet.dhcp('192.168.61.10', '192.168.60.5'),
);
try {
  broken.toXml();
} catch (error) {
  if (!(error instanceof ValidationError)) throw error;
  for (const issue of error.issues) console.log(formatIssue(issue));
}

heading('what a typing slip is told');
try {
  Network.parse(
    "<network>\n  <name>default</name>\n  <ipaddress='192.168.122.1' netmask='255.255.255.0'>\n  </ip>\n</network>",
  );
} catch (error) {
  if (!LibvirtError.is(error)) throw error;
  console.log(`${error.message}\nhint: ${error.hint}`);
}

const uri = process.env['LIBVIRT_URI'];
heading(`the life of the four networks on ${uri ?? 'the mock'}`);
await using host = connect(uri === undefined ? mockTransport() : virsh({ uri }));
for (const network of [lab, dmz.via('lo'), backstage, lan]) {
  const net = await host.networks.define(network);
  await net.start();
  await net.setAutostart(true);
  const { active, autostart } = await net.info();
  console.log(`${net.name}: ${active ? 'runs' : 'is stopped'}, autostart ${autostart ? 'on' : 'off'}`);
  if (network === lab) {
    await net.update('ip-dhcp-host', 'add-last', { mac: '52:54:00:00:00:02', name: 'web', ip: '192.168.50.3' });
    console.log(
      '  reserved while it runs:',
      (await net.read()).document.ips?.[0]?.dhcp?.hosts?.map((guest) => guest.name).join(', '),
    );
  }
  await net.destroy();
  await net.undefine();
}
console.log('left over:', (await host.networks.states({ persistent: true })).length, 'of ours');
