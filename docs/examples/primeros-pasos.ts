// #region conectar
import { connect, NatNetwork } from 'libvirt-network';
import { mockTransport } from 'libvirt-network/testing';

// Un anfitrión en memoria. El de verdad se abre con connect('qemu:///system'), de libvirt-network/node.
const host = connect(mockTransport());
// #endregion

console.log('--- ciclo');
// #region ciclo
const prueba = NatNetwork.create('prueba').subnet('192.168.200.1/24');

const red = await host.networks.define(prueba);
await red.start();
await red.setAutostart(true);
for (const { name, active, autostart } of await host.networks.states()) console.log(name, active, autostart);

await red.destroy();
await red.undefine();
console.log(await host.networks.states());
// #endregion

console.log('--- nat');
// #region nat
const nat = NatNetwork.create('default')
  .bridge('virbr0', { stp: true })
  .mac('52:54:00:0a:1b:2c')
  .natPorts(1024, 65535)
  .subnet('192.168.122.1/24', (subred) => subred.dhcp('192.168.122.2', '192.168.122.254'));

console.log(nat.toXml());
// #endregion

console.log('--- errata');

// #region errata
import { Network, XmlSyntaxError } from 'libvirt-network';

const conErrata = `<network>
  <name>default</name>
  <forward mode='nat'/>
  <ipaddress='192.168.122.1' netmask='255.255.255.0'/>
</network>`;

try {
  Network.parse(conErrata);
} catch (error) {
  if (!(error instanceof XmlSyntaxError)) throw error;
  console.log(error.message);
}
// #endregion

console.log('--- camino');

// #region camino
import { renderFlowDiagram } from 'libvirt-network/pictures';
import { explainFlow } from 'libvirt-network/preview';

const guests = [{ name: 'vm1', network: 'default' }];
const salida = explainFlow(
  { backend: 'iptables', networks: [nat], guests },
  { from: 'vm1', to: 'outside', protocol: 'tcp', port: 443 },
);
console.log(renderFlowDiagram(salida, { format: 'text', language: 'es' }));
// #endregion

console.log('--- redireccion');
// #region redireccion
const web = { name: 'web', mac: '52:54:00:00:00:01', ip: '192.168.122.10' };
const publicada = nat.reserve(web).forwardPort({ protocol: 'tcp', hostPort: 8080, to: { ip: web.ip, port: 80 } });

console.log(publicada.portForwards);

// #endregion

// #region otras
import { IsolatedNetwork, RoutedNetwork } from 'libvirt-network';

const enrutada = RoutedNetwork.create('enrutada').bridge('virbr1').subnet('193.16.100.1/24');

const aislada = IsolatedNetwork.create('Admin_Aislada')
  .bridge('virbr4')
  .domain('aislada.test')
  .subnet('192.168.100.1/24', (subred) => subred.dhcp('192.168.100.128', '192.168.100.254'));
// #endregion

console.log('--- cortafuegos');

// #region cortafuegos
import { firewallRules, renderIptablesSave } from 'libvirt-network/preview';

for (const network of [enrutada, aislada]) {
  const reglas = renderIptablesSave(firewallRules(network, { backend: 'iptables' })).split('\n');
  for (const regla of reglas.filter((linea) => linea.startsWith('-A LIBVIRT_FW'))) console.log(regla);
}
// #endregion

console.log('--- alcance');

// #region alcance
import { reachability, renderReachability } from 'libvirt-network/preview';

const matriz = reachability(
  {
    backend: 'iptables',
    networks: [nat, enrutada, aislada],
    guests: [
      { name: 'vm1', network: 'default' },
      { name: 'vm2', network: 'enrutada' },
      { name: 'vm3', network: 'Admin_Aislada' },
    ],
  },
  { protocol: 'tcp' },
);
console.log(renderReachability(matriz));
// #endregion

console.log('--- bridge');

// #region bridge
import { HostBridge } from 'libvirt-network';

const br0 = HostBridge.create('br0').port('eno1').dhcp4();
const { files } = br0.render('ifcfg', { macs: { eno1: '52:54:00:12:34:56' } });
for (const { path, content } of files) console.log(`# ${path}\n${content}`);
// #endregion

console.log('--- lan');
// #region lan
const lan = br0.toNetwork('lan');
console.log(lan.toXml());
console.log(lan.guestNic({ mac: '52:54:00:00:00:02' }).toXml());
// #endregion
