// #region topology
import { IsolatedNetwork, NatNetwork, RoutedNetwork } from 'libvirt-network';
import type { Topology } from 'libvirt-network/preview';

const topology: Topology = {
  backend: 'iptables',
  networks: [
    NatNetwork.create('lab').bridge('virbr10').subnet('192.168.50.1/24'),
    RoutedNetwork.create('dmz').bridge('virbr11').subnet('192.168.51.1/24'),
    IsolatedNetwork.create('lone').bridge('virbr12').subnet('192.168.52.1/24'),
  ],
  guests: [
    { name: 'web', network: 'lab' },
    { name: 'db', network: 'lab' },
    { name: 'mail', network: 'dmz' },
    { name: 'vault', network: 'lone' },
  ],
};
// #endregion

console.log('--- out');

// #region out
import { explainFlow, renderFlow } from 'libvirt-network/preview';

console.log(renderFlow(explainFlow(topology, { from: 'web', to: 'outside', protocol: 'tcp', port: 443 })));
// #endregion

console.log('--- outDiagram');

// #region diagram
import { renderFlowDiagram } from 'libvirt-network/pictures';

const out = explainFlow(topology, { from: 'web', to: 'outside', protocol: 'tcp', port: 443 });
console.log(renderFlowDiagram(out, { format: 'text' }));
// #endregion

console.log('--- peer');
console.log(renderFlowDiagram(explainFlow(topology, { from: 'web', to: 'db' }), { format: 'text' }));

console.log('--- in');
// #region in
const flow = explainFlow(topology, { from: 'outside', to: 'web' });
console.log(renderFlowDiagram(flow, { format: 'text' }));
console.log(flow.verdict, flow.rule);
// #endregion

console.log('--- routed');
console.log(renderFlowDiagram(explainFlow(topology, { from: 'outside', to: 'mail' }), { format: 'text' }));

console.log('--- matrix');

// #region matrix
import { reachability, renderReachability } from 'libvirt-network/preview';

console.log(renderReachability(reachability(topology, { protocol: 'tcp' })));
// #endregion

console.log('--- rules');

// #region rules
import { firewallRules, renderIptablesSave } from 'libvirt-network/preview';

for (const network of topology.networks.slice(0, 1)) {
  console.log(renderIptablesSave(firewallRules(network, { backend: 'iptables', libvirt: '9.0.0' })));
}
// #endregion

console.log('--- dnsmasq');

// #region dnsmasq
import { dnsmasqConfig } from 'libvirt-network/preview';

const [lab] = topology.networks;
if (lab !== undefined) console.log(dnsmasqConfig(lab)?.conf);
// #endregion
