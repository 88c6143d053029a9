import {
  type BaseNetwork,
  IsolatedNetwork,
  NatNetwork,
  OpenNetwork,
  RoutedNetwork,
  type VirtualNetwork,
} from 'libvirt-network';
import type { Random } from '../support/random.js';

/** A network of any mode whose bridge libvirt makes, with what changes its rules and files; addresses never clash. */
export function randomVirtualNetwork(random: Random, index: number): BaseNetwork {
  const name = `net${index}`;
  const device = random.chance(0.3);
  switch (random.pick(['nat', 'nat', 'route', 'open', 'isolated'])) {
    case 'nat': {
      let nat = device ? NatNetwork.create(name).via('ext0') : NatNetwork.create(name);
      if (random.chance(0.4)) nat = nat.natPorts(2000, 2999);
      if (random.chance(0.4))
        nat = nat.natAddress('198.51.100.10', random.pick(['198.51.100.10', '198.51.100.11', '198.51.100.15']));
      return services(random, index, random.chance(0.5) ? nat.natIpv6() : nat);
    }
    case 'route':
      return services(random, index, device ? RoutedNetwork.create(name).via('ext0') : RoutedNetwork.create(name));
    case 'open':
      return services(random, index, OpenNetwork.create(name));
    default:
      return services(random, index, IsolatedNetwork.create(name));
  }
}

function services(random: Random, index: number, start: VirtualNetwork): BaseNetwork {
  let network: VirtualNetwork = start.bridge(`br${index}`, { stp: false });
  const ipv4 = random.chance(0.9);
  if (ipv4) network = withIpv4(random, index, network);
  if (!ipv4 || random.chance(0.5)) network = withIpv6(random, index, network);
  else if (random.chance(0.3)) network = network.guestIpv6();
  if (random.chance(0.3)) network = network.domain(`net${index}.test`, { localOnly: random.chance(0.5) });
  if (random.chance(0.2)) network = network.mtu(1400);
  return random.chance(0.2) ? network.dns({ enable: false }) : withNames(random, index, network);
}

function withIpv4(random: Random, index: number, network: VirtualNetwork): VirtualNetwork {
  const net = `10.${100 + index}`;
  const tftp = random.chance(0.3);
  const served = network.subnet(`${net}.0.1/24`, (subnet) => {
    let built = subnet;
    if (random.chance(0.6)) built = built.dhcp(`${net}.0.10`, `${net}.0.99`);
    if (random.chance(0.5))
      built = built.host({ mac: '52:54:00:00:00:01', ip: `${net}.0.5`, ...(random.chance(0.5) ? { name: 'db' } : {}) });
    if (tftp) built = built.tftp('/var');
    return random.chance(0.3) ? built.localPtr() : built;
  });
  return random.chance(0.3) ? served.subnet(`${net}.1.1/25`) : served;
}

function withIpv6(random: Random, index: number, network: VirtualNetwork): VirtualNetwork {
  const net = `fd00:${index + 1}`;
  return network.subnet(`${net}::1/64`, (subnet) => {
    const built = random.chance(0.5) ? subnet.dhcp(`${net}::100`, `${net}::1ff`) : subnet;
    return random.chance(0.3) ? built.host({ id: '0:3:0:1:0:16:3e:11:22:33', name: 'six', ip: `${net}::5` }) : built;
  });
}

function withNames(random: Random, index: number, start: VirtualNetwork): VirtualNetwork {
  let network = start;
  if (random.chance(0.3)) network = network.dns({ forwardPlainNames: random.chance(0.5) });
  if (random.chance(0.3)) network = network.dnsForwarder({ addr: '198.51.100.53', ...(random.chance(0.5) ? { port: 5353 } : {}) });
  if (random.chance(0.2)) network = network.dnsForwarder({ domain: 'corp.test' });
  if (random.chance(0.3)) network = network.dnsTxt({ name: 'note', value: 'a b' });
  if (random.chance(0.3))
    network = network.dnsSrv({
      service: 'http',
      protocol: 'tcp',
      domain: 'x.test',
      target: 'web',
      port: 80,
      weight: random.pick([0, 10]),
    });
  if (random.chance(0.3)) network = network.dnsHost({ ip: `10.${100 + index}.0.7`, hostnames: ['web', 'www'] });
  return network;
}
