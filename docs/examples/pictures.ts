// #region topology
import { BridgedNetwork, IsolatedNetwork, NatNetwork, RoutedNetwork } from 'libvirt-network';
import { renderTopology } from 'libvirt-network/pictures';
import type { Topology } from 'libvirt-network/preview';

const topology: Topology = {
  backend: 'nftables',
  networks: [
    NatNetwork.create('lab')
      .bridge('virbr10')
      .subnet('192.168.50.1/24', (subnet) => subnet.dhcp('192.168.50.100', '192.168.50.199')),
    RoutedNetwork.create('dmz').bridge('virbr11').subnet('192.168.51.1/24').subnet('2001:db8:51::1/64'),
    IsolatedNetwork.create('lone').bridge('virbr12').subnet('192.168.52.1/24'),
    BridgedNetwork.create({ name: 'office', bridge: 'br0' }),
  ],
  guests: [
    { name: 'web', network: 'lab' },
    { name: 'db', network: 'lab' },
    { name: 'mail', network: 'dmz' },
    { name: 'vault', network: 'lone' },
    { name: 'desk', network: 'office', addresses: ['10.20.0.31/16'] },
  ],
  outside: [
    { device: 'eth0', host: ['198.51.100.1/24'], outside: ['198.51.100.2/24'] },
    { device: 'br0', host: ['10.20.0.5/16'], outside: ['10.20.0.9/16'] },
  ],
};

const svg = renderTopology(topology, { format: 'svg' });
// #endregion

console.log('--- topologySvg');
console.log(svg);

console.log('--- text');
// #region text
console.log(renderTopology(topology, { format: 'text' }));
// #endregion

console.log('--- mermaid');
console.log(
  renderTopology({ ...topology, networks: topology.networks.slice(0, 1), guests: [] }, { format: 'mermaid' }),
);

// #region ovn
import type { OvnTopology } from 'libvirt-network/ovn';

const cloud: OvnTopology = {
  chassis: [
    { name: 'kvm1', address: '10.0.0.1' },
    { name: 'kvm2', address: '10.0.0.2' },
    { name: 'kvm3', address: '10.0.0.3' },
  ],
  networks: [
    {
      network: NatNetwork.create('web').subnet('172.31.0.1/24', (subnet) =>
        subnet.dhcp('172.31.0.100', '172.31.0.199'),
      ),
      outside: {
        physicalNetwork: 'lan',
        addresses: ['198.51.100.10/24'],
        gateways: ['198.51.100.1'],
        chassis: ['kvm1', 'kvm2', 'kvm3'],
      },
    },
    { network: IsolatedNetwork.create('quiet').subnet('172.30.0.1/24') },
  ],
  guests: [
    { name: 'www1', network: 'web', chassis: 'kvm1', addresses: ['172.31.0.101'] },
    { name: 'www2', network: 'web', chassis: 'kvm2', addresses: ['172.31.0.102'] },
    { name: 'www3', network: 'web', addresses: ['172.31.0.103'] },
    { name: 'db1', network: 'quiet', chassis: 'kvm2' },
    { name: 'db2', network: 'quiet', chassis: 'kvm3' },
  ],
  outside: [{ physicalNetwork: 'lan', addresses: ['198.51.100.2/24'] }],
};

const acrossHosts = renderTopology(cloud, { format: 'svg' });
// #endregion

console.log('--- acrossHostsSvg');
console.log(acrossHosts);

console.log('--- ovnText');
// #region ovnText
console.log(renderTopology(cloud, { format: 'text' }));

// #endregion

// #region flow
import { renderFlowDiagram } from 'libvirt-network/pictures';
import { explainFlow } from 'libvirt-network/preview';

const out = explainFlow(topology, { from: 'web', to: 'outside', protocol: 'tcp', port: 443 });
const way = renderFlowDiagram(out, { format: 'svg' });

const request = explainFlow(topology, { from: 'outside', to: 'web', protocol: 'tcp', port: 80 });
const stopped = renderFlowDiagram(request, { format: 'svg' });
// #endregion

console.log('--- flowSvg');
console.log(way);
console.log('--- stoppedSvg');
console.log(stopped);

console.log('--- host');

// #region host
import { connect } from 'libvirt-network';
import { mockTransport } from 'libvirt-network/testing';

const host = connect(mockTransport({ networks: topology.networks })); // or virsh({ uri: 'qemu:///system' })
await (await host.networks.get('lab')).start();
console.log(await renderTopology(host, { format: 'text', language: 'es' }));
// #endregion
