import { connect, type Host, NatNetwork } from 'libvirt-network';
import { type FirewallOptions, portForwardHook } from 'libvirt-network/preview';
import { virsh } from 'libvirt-network/virsh';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.js';
import { runs } from '../support/random.js';
import { type Daemon, OUTSIDE, RELEASES, startDaemon, type Vm, viewThrough } from './index.js';

needs('daemon of every release', 'virtual machines');

const MAC = '52:54:00:12:34:56';
const ADDRESS = '10.60.0.50';
const GATEWAY = '10.60.0.1';

const lab = NatNetwork.create('lab')
  .bridge('virbr-lab', { stp: false })
  .subnet(`${GATEWAY}/24`, (subnet) => subnet.dhcp('10.60.0.100', '10.60.0.199').host({ mac: MAC, ip: ADDRESS }))
  .forwardPort({ protocol: 'tcp', hostPort: 8080, to: { ip: ADDRESS, port: 7777 } });

/** The newest release, and all of them under SOAK=1. */
const CHOSEN = RELEASES.slice(-runs(RELEASES.length, 1));

for (const release of CHOSEN) {
  describe(`a virtual machine on libvirt ${release}`, () => {
    const options: FirewallOptions = { libvirt: release, backend: release === '9.0' ? 'iptables' : 'nftables' };
    let daemon: Daemon;
    let host: Host;
    let vm: Vm;
    beforeAll(async () => {
      daemon = startDaemon(release);
      daemon.outside();
      daemon.installHook(portForwardHook(lab, options).file);
      host = connect(virsh({ uri: daemon.uriOf('qemu'), path: daemon.virsh }));
      await host.networks.ensure(lab, { running: true, libvirt: release });
      vm = await daemon.vm('g1', { network: 'lab', mac: MAC });
    });
    afterAll(async () => {
      await host.close();
      daemon.stop();
    });

    it('takes a lease, and the library sees the lease and the port', async () => {
      expect(await vm.lease()).toEqual({ address: ADDRESS, gateway: GATEWAY });
      const network = await host.networks.get('lab');
      expect(await network.leases()).toMatchObject([{ mac: MAC, address: ADDRESS, hostname: 'g1' }]);
      expect(await network.ports()).toMatchObject([
        { owner: { name: 'g1' }, mac: { address: MAC }, plug: { bridge: 'virbr-lab' } },
      ]);
    });

    it('loses no packet while its network is changed as it runs', async () => {
      await vm.exec(`ping -i 0.2 ${GATEWAY} >/tmp/pings 2>&1 & echo $! >/tmp/pinging`);
      const changed = lab.dnsHost({ ip: '10.60.0.9', hostnames: ['nine'] }).portGroup({ name: 'guests' });
      const done = await host.networks.ensure(changed, { running: true, libvirt: release });
      expect(done.changes.map(({ action }) => action)).not.toEqual([]);
      expect(done.restartNeeded).toBe(false);
      // Ten more answers, then the end.
      await vm.exec(`last=$(($(grep -c seq= /tmp/pings) + 10)); until [ $(grep -c seq= /tmp/pings) -ge $last ]; do sleep 0.1; done
        kill $(cat /tmp/pinging)`);
      const numbers = [...(await vm.exec('cat /tmp/pings')).matchAll(/seq=(\d+)/g)].map(([, number]) => Number(number));
      expect(numbers).toEqual(numbers.map((_, i) => i));
    });

    it('is reached from outside by the forwarded port, and by no other way', async () => {
      expect(daemon.onOutside(`busybox nc -w 10 ${OUTSIDE.host[0]} 8080 </dev/null`)).toBe('g1');
      expect(daemon.probe('outside', 'tcp', OUTSIDE.host[0], '8081')).toMatchObject({ ok: false });
      expect(daemon.probe('outside', 'tcp', ADDRESS, '7777')).toMatchObject({ ok: false });
    });

    it('is put back when its network is restarted', async () => {
      const renamed = lab.bridge('virbr-new', { stp: false });
      const view = viewThrough(daemon.enter);
      const { network } = await host.networks.ensure(renamed, { restart: 'always', view, libvirt: release });
      expect(await vm.exec(`ping -c 1 -w 20 ${GATEWAY}`)).toContain('1 packets received');
      expect(await network.ports()).toMatchObject([{ owner: { name: 'g1' }, plug: { bridge: 'virbr-new' } }]);
      const tap = vm.ask('domiflist', 'g1').split(/\s+/)[0] ?? '';
      expect(daemon.inside(`readlink /sys/class/net/${tap}/master`)).toMatch(/\/virbr-new$/);
    });
  });
}
