// #region redes
import { BridgedNetwork, IsolatedNetwork, NatNetwork, RoutedNetwork } from 'libvirt-network';
import type { Topology } from 'libvirt-network/preview';

const red = {
  nat: NatNetwork.create('default')
    .bridge('virbr0')
    .subnet('192.168.122.1/24', (subred) => subred.dhcp('192.168.122.2', '192.168.122.254')),
  enrutada: RoutedNetwork.create('enrutada').bridge('virbr1').subnet('193.16.100.1/24'),
  aislada: IsolatedNetwork.create('Admin_Aislada')
    .bridge('virbr4')
    .domain('aislada.test')
    .subnet('192.168.100.1/24', (subred) => subred.dhcp('192.168.100.128', '192.168.100.254')),
  bridge: BridgedNetwork.create({ name: 'lan', bridge: 'br0' }),
};
// #endregion

// #region topologia
const exterior = [{ device: 'eth0', host: ['203.0.113.10/24'], outside: ['203.0.113.1/24'] }];

/** Un anfitrión con una sola red y dos máquinas virtuales. */
const con = (network: (typeof red)[keyof typeof red]): Topology => ({
  backend: 'iptables',
  networks: [network],
  guests: [
    { name: 'vm1', network: network.name },
    { name: 'vm2', network: network.name },
  ],
  outside: exterior,
});

// #endregion

// #region figuras
import { renderFlowDiagram, renderTopology } from 'libvirt-network/pictures';
import { explainFlow } from 'libvirt-network/preview';

const opciones = { format: 'svg', language: 'es' } as const;
const flujo = explainFlow(con(red.nat), { from: 'vm1', to: 'outside', protocol: 'tcp', port: 443 });
const solo = (way: 'there' | 'back') => ({ ...flujo, steps: flujo.steps.filter((paso) => paso.way === way) });

const figuras = {
  figura1: renderTopology({ ...con(red.nat), networks: [red.nat, red.enrutada, red.aislada] }, opciones),
  figura2: renderFlowDiagram(solo('there'), opciones),
  figura3: renderFlowDiagram(solo('back'), opciones),
  figura4: renderTopology(con(red.nat), opciones),
  figura5: renderTopology(con(red.enrutada), opciones),
  figura6: renderTopology(con(red.aislada), opciones),
  figura7: renderTopology(
    {
      ...con(red.bridge),
      guests: [
        { name: 'vm1', network: 'lan', addresses: ['203.0.113.21/24'] },
        { name: 'vm2', network: 'lan', addresses: ['203.0.113.22/24'] },
      ],
      outside: [{ device: 'br0', host: ['203.0.113.10/24'], outside: ['203.0.113.1/24'] }],
    },
    opciones,
  ),
};
// #endregion

for (const [nombre, svg] of Object.entries(figuras)) console.log(`--- ${nombre}\n${svg}`);
