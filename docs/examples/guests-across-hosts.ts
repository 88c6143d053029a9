// #region hosts
import { applyAll, type Host, IsolatedNetwork } from 'libvirt-network';
import { guests } from 'libvirt-network/guests';
import type { Ovn } from 'libvirt-network/ovn';

const quiet = IsolatedNetwork.create('quiet').subnet('172.30.0.1/24', (s) => s.dhcp('172.30.0.100', '172.30.0.199'));

/** Makes the network, and lets guests of each host into it. */
export async function makeQuiet(cloud: Ovn, hosts: readonly Host[]): Promise<void> {
  await cloud.networks.ensure(quiet);
  const networks = [cloud.networks.attachment()];
  const { results } = await applyAll(hosts.map((host) => ({ host, networks, running: true, autostart: true })));
  for (const { error } of results) if (error) throw error;
}

/** Plugs a guest in, while it runs or not. */
export async function plugIn(cloud: Ovn, host: Host, name: string, mac: string): Promise<void> {
  const { nic } = await cloud.networks.port('quiet', { mac });
  const guest = await guests(host).get(name);
  await guest.attach(nic);
}

/** Unplugs it, and takes its port away. */
export async function unplug(cloud: Ovn, host: Host, name: string, mac: string): Promise<void> {
  const guest = await guests(host).get(name);
  await guest.detach(mac);
  await cloud.networks.removePort('quiet', mac);
}

// #endregion

// #region connections
import { connect } from 'libvirt-network';
import { ovn } from 'libvirt-network/ovn';
import { virsh } from 'libvirt-network/virsh';

export async function twoGuests(): Promise<void> {
  await using cloud = ovn({ northbound: 'tcp:10.0.0.1:6641' });
  await using kvm1 = connect(virsh({ uri: 'qemu+ssh://root@10.0.0.1/system' }));
  await using kvm2 = connect(virsh({ uri: 'qemu+ssh://root@10.0.0.2/system' }));
  await makeQuiet(cloud, [kvm1, kvm2]);
  await plugIn(cloud, kvm1, 'web1', '52:54:00:00:00:01');
  await plugIn(cloud, kvm2, 'web2', '52:54:00:00:00:02');
}

// #endregion

// #region nat
import { NatNetwork } from 'libvirt-network';

const web = NatNetwork.create('web')
  .subnet('172.31.0.1/24', (s) =>
    s.dhcp('172.31.0.100', '172.31.0.199').host({ mac: '52:54:00:00:00:11', ip: '172.31.0.11', name: 'www' }),
  )
  .forwardPort({ protocol: 'tcp', hostPort: 80, to: { ip: '172.31.0.11', port: 8080 } });

export async function makeWeb(cloud: Ovn): Promise<void> {
  await cloud.networks.ensure(web, {
    owner: 'team-a',
    outside: {
      physicalNetwork: 'lan',
      addresses: ['198.51.100.10/24'],
      gateways: ['198.51.100.1'],
      dnsServers: ['198.51.100.1'],
      chassis: 'kvm1',
    },
  });
}
// #endregion

// #region away
export async function clear(cloud: Ovn): Promise<void> {
  await cloud.networks.ensureAbsent('quiet', { inUse: true }); // also while guests have ports in it
  const { removed, failed } = await cloud.networks.prune('team-a', { keep: ['web'] });
  console.log(removed, failed);
}
// #endregion

console.log(`${quiet.name} has ${quiet.subnets.join(', ')}`);
