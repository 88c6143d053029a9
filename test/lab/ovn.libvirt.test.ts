import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.js';
import { lab, type Ovn, type OvnGuest } from './index.js';

needs('Open vSwitch and OVN', 'python3');

const ROUTER = { ip: '172.30.0.1', mac: '52:54:00:aa:00:01' };
const GUESTS = [
  { name: 'g1', host: 'h1', port: 'port1', mac: '52:54:00:00:00:01', ip: '172.30.0.11' },
  { name: 'g2', host: 'h2', port: 'port2', mac: '52:54:00:00:00:02', ip: '172.30.0.12' },
  { name: 'g3', host: 'h3', port: 'port3', mac: '52:54:00:00:00:03', ip: '172.30.0.13' },
] as const;

const LABS = [
  { encapsulation: 'geneve', hosts: 2 },
  { encapsulation: 'vxlan', hosts: 3 },
] as const;

for (const { encapsulation, hosts } of LABS) {
  const used = GUESTS.slice(0, hosts);
  describe(`guests on ${hosts} hosts with OVN, over ${encapsulation}`, () => {
    let ovn: Ovn;
    let guests: OvnGuest[] = [];
    beforeAll(() => {
      ovn = lab.ovn({ encapsulation, hosts });
      ovn.nbctl('ls-add', 'tenant');
      const options = `server_id=${ROUTER.ip} server_mac="${ROUTER.mac}" lease_time=3600 mtu=1400`;
      const dhcp = ovn.nbctl('create', 'DHCP_Options', 'cidr=172.30.0.0/24', `options=${options}`);
      for (const { port, mac, ip } of used) {
        ovn.nbctl('lsp-add', 'tenant', port, '--', 'lsp-set-addresses', port, `${mac} ${ip}`);
        ovn.nbctl('lsp-set-dhcpv4-options', port, dhcp);
      }
      guests = used.map(({ name, ...options }) => ovn.guest(name, options));
      ovn.sync();
    });
    afterAll(() => ovn.stop());

    it('take the leases that OVN has for them', () => {
      expect(guests.map((guest) => guest.lease())).toEqual(used.map(({ ip }) => `${ip}/24 from ${ROUTER.ip}`));
    });

    it('reach each other through tunnels of that kind', async () => {
      for (const guest of guests) guest.serve();
      for (const guest of guests) {
        guest.reach(...used.map(({ ip }) => ip));
        const probes = await guest.probes(used.map(({ ip }) => `tcp ${ip}`));
        expect(probes.map(({ ok }) => ok)).toEqual(used.map(() => true));
      }
      for (const { host } of used) {
        const tunnels = ovn.vsctl(host, '--bare', '--columns=type', 'find', 'Interface', 'options:key=flow');
        expect(tunnels.split(/\s+/)).toEqual(used.slice(1).map(() => encapsulation));
      }
    });
  });
}
