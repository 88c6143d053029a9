import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.js';
import { lab, type Ovn, type OvnGuest } from './index.js';

needs('Open vSwitch and OVN');

const ROUTER = { ip: '172.30.0.1', mac: '52:54:00:aa:00:01' };
const GUESTS = [
  { name: 'g1', host: 'h1', port: 'port1', mac: '52:54:00:00:00:01', ip: '172.30.0.11' },
  { name: 'g2', host: 'h2', port: 'port2', mac: '52:54:00:00:00:02', ip: '172.30.0.12' },
] as const;

for (const encapsulation of ['geneve', 'vxlan'] as const) {
  describe(`guests on two hosts with OVN, over ${encapsulation}`, () => {
    let ovn: Ovn;
    let guests: OvnGuest[] = [];
    beforeAll(() => {
      ovn = lab.ovn({ encapsulation });
      ovn.nbctl('ls-add', 'tenant');
      const options = `server_id=${ROUTER.ip} server_mac="${ROUTER.mac}" lease_time=3600 mtu=1400`;
      const dhcp = ovn.nbctl('create', 'DHCP_Options', 'cidr=172.30.0.0/24', `options=${options}`);
      for (const { port, mac, ip } of GUESTS) {
        ovn.nbctl('lsp-add', 'tenant', port, '--', 'lsp-set-addresses', port, `${mac} ${ip}`);
        ovn.nbctl('lsp-set-dhcpv4-options', port, dhcp);
      }
      guests = GUESTS.map(({ name, ...options }) => ovn.guest(name, options));
      ovn.sync();
    });
    afterAll(() => ovn.stop());

    it('take the leases that OVN has for them', () => {
      expect(guests.map((guest) => guest.lease())).toEqual(GUESTS.map(({ ip }) => `${ip}/24 from ${ROUTER.ip}`));
    });

    it('reach each other through a tunnel of that kind', () => {
      for (const [i, guest] of guests.entries()) {
        const other = GUESTS[1 - i]?.ip;
        // The first packets of a tunnel are lost while its ends learn each other's link address.
        guest.sh(`for n in $(seq 20); do busybox ping -c 1 -W 1 ${other} && exit; done; exit 1`);
        expect(guest.sh(`busybox ping -c 3 -w 20 ${other}`)).toMatch(/^3 packets transmitted, 3 packets received/m);
      }
      for (const { host } of GUESTS) {
        const tunnels = ovn.vsctl(host, '--bare', '--columns=type', 'find', 'Interface', 'options:key=flow');
        expect(tunnels).toBe(encapsulation);
      }
    });
  });
}
