// #region forward
import { NatNetwork } from 'libvirt-network';

const lab = NatNetwork.create('lab')
  .bridge('virbr10')
  .subnet('192.168.50.1/24', (subnet) =>
    subnet
      .dhcp('192.168.50.100', '192.168.50.199')
      .host({ mac: '52:54:00:00:00:01', ip: '192.168.50.10', name: 'web' }),
  )
  .forwardPort({ protocol: 'tcp', hostPort: 80, to: { ip: '192.168.50.10', port: 8080 } })
  .forwardPort({ protocol: 'udp', hostPort: { start: 5000, end: 5010 }, to: { ip: '192.168.50.10' } });
// #endregion

console.log('--- xml');
console.log(lab.toXml());

// #region install
import { installPortForwards } from 'libvirt-network/host';

const plan = await installPortForwards(lab, { backend: 'nftables', dryRun: true });
console.log(plan.file.path, plan.changed, plan.daemonRestartNeeded);

// #endregion

// #region remote
import { portForwardHook } from 'libvirt-network/preview';

const { file, apply, remove } = portForwardHook(lab, { backend: 'iptables' });
// #endregion

console.log('--- commands');
console.log(file.path);
console.log(apply.join(' '));
console.log(remove.join(' '));

console.log('--- iptables');

// #region iptables
import { portForwardCommands } from 'libvirt-network/preview';

for (const words of portForwardCommands(lab).apply) console.log(words.join(' '));
// #endregion

console.log('--- flow');

// #region flow
import { renderFlowDiagram } from 'libvirt-network/pictures';
import { explainFlow, type Topology } from 'libvirt-network/preview';

const topology: Topology = { backend: 'iptables', networks: [lab], guests: [{ name: 'web', network: 'lab' }] };
const request = explainFlow(topology, { from: 'outside', to: 'host', protocol: 'tcp', port: 80 });
console.log(renderFlowDiagram(request, { format: 'text' }));
// #endregion
