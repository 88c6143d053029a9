import { describe, expect, it } from 'vitest';
import { LibvirtError, NatNetwork, Subnet } from '../../src/index.js';
import type { DhcpRange, Ip } from '../../src/xml-entry.js';
import { macOf } from '../support/networks.js';
import { announce, runs } from '../support/random.js';

const mac = '52:54:00:00:00:02';
const lab = NatNetwork.create('lab').subnet('192.168.50.1/24', (subnet) =>
  subnet.dhcp('192.168.50.100', '192.168.50.199').host({ mac: '52:54:00:00:00:01', ip: '192.168.50.2', name: 'db' }),
);

describe('a reservation', () => {
  it('takes the lowest free address outside of the ranges', () => {
    expect(lab.reserve({ mac, name: 'web' }).reservation({ name: 'WEB' })).toEqual({
      mac,
      name: 'web',
      ip: '192.168.50.3',
    });
  });

  it('inside of a range splits it', () => {
    expect(lab.reserve({ name: 'x', ip: '192.168.50.150' }).document.ips?.[0]?.dhcp?.ranges).toEqual([
      { start: '192.168.50.100', end: '192.168.50.149' },
      { start: '192.168.50.151', end: '192.168.50.199' },
    ]);
  });

  it('of the first or the last address of a range shortens it, and of its only one drops it', () => {
    const ranges = (start: string, end: string): readonly DhcpRange[] | undefined =>
      NatNetwork.create('a')
        .subnet('10.0.0.1/24', (subnet) => subnet.dhcp(start, end))
        .reserve({ mac, ip: '10.0.0.5' }).document.ips?.[0]?.dhcp?.ranges;
    expect(ranges('10.0.0.5', '10.0.0.9')).toEqual([{ start: '10.0.0.6', end: '10.0.0.9' }]);
    expect(ranges('10.0.0.2', '10.0.0.5')).toEqual([{ start: '10.0.0.2', end: '10.0.0.4' }]);
    expect(ranges('10.0.0.5', '10.0.0.5')).toEqual([]);
  });

  describe('in a range that holds every address, as in the default network,', () => {
    const full = NatNetwork.create('a').subnet('10.0.0.1/29', (subnet) => subnet.dhcp('10.0.0.2', '10.0.0.6'));
    const ranges = (network: NatNetwork) => network.document.ips?.[0]?.dhcp?.ranges;

    it('shortens the range, unless the caller keeps it', () => {
      const shortened = full.reserve({ mac });
      expect(shortened.reservation({ mac })?.ip).toBe('10.0.0.6');
      expect(ranges(shortened)).toEqual([{ start: '10.0.0.2', end: '10.0.0.5' }]);
      const kept = full.reserve({ mac }, { ranges: 'keep' });
      expect(kept.reservation({ mac })?.ip).toBe('10.0.0.6');
      expect(ranges(kept)).toEqual(ranges(full));
      expect(kept.validate()).toEqual([]);
    });

    it('is refused with words that say nothing about ranges', () => {
      const options = JSON.parse('{"ranges":"x"}');
      expect(() => full.reserve({ mac }, options)).toThrow(
        /use one of shorten, keep, avoid|'x' says nothing about ranges/,
      );
      expect(() => full.reserve({ mac }, JSON.parse('null'))).toThrow(/reserve needs an object, not null/);
    });

    it('is refused where ranges are to be avoided', () => {
      const refusal = /every free address of 10\.0\.0\.1 is in a range/;
      expect(() => full.reserve({ mac }, { ranges: 'avoid' })).toThrow(refusal);
      expect(() => lab.reserve({ mac, ip: '192.168.50.150' }, { ranges: 'avoid' })).toThrow(
        /192\.168\.50\.150 is in a range/,
      );
      expect(lab.reserve({ mac }, { ranges: 'avoid' }).reservation({ mac })?.ip).toBe('192.168.50.3');
    });
  });

  it('comes out of the ranges from the end when there is nothing else', () => {
    const full = NatNetwork.create('a').subnet('10.0.0.1/29', (subnet) => subnet.dhcp('10.0.0.2', '10.0.0.6'));
    const [ip] = full.reserve({ mac }).document.ips ?? [];
    expect(ip?.dhcp).toEqual({ ranges: [{ start: '10.0.0.2', end: '10.0.0.5' }], hosts: [{ mac, ip: '10.0.0.6' }] });
  });

  it('is made once: asking again changes nothing', () => {
    const reserved = lab.reserve({ mac, name: 'web' });
    expect(reserved.reserve({ mac: '52:54:0:0:0:2' })).toBe(reserved);
    expect(reserved.reserve({ name: 'web' })).toBe(reserved);
    expect(reserved.reserve({ mac, ip: '192.168.50.3' })).toBe(reserved);
  });

  it('does not move a guest that has another one', () => {
    const reserved = lab.reserve({ mac, name: 'web' });
    expect(() => reserved.reserve({ mac, ip: '192.168.50.77' })).toThrow(/the guest has 192.168.50.3 already/);
    expect(() => reserved.reserve({ mac, name: 'other' })).toThrow(/the guest has 192.168.50.3 already/);
  });

  it('is IPv6 for a DUID, for an IPv6 address, and by name where there is nothing else', () => {
    const both = lab.subnet('fd00:50::1/64');
    const id = '00:03:00:01:52:54:00:00:00:02';
    expect(both.reserve({ id }).document.ips?.[1]?.dhcp?.hosts).toEqual([{ id, ip: 'fd00:50::2' }]);
    expect(both.reserve({ name: 'a', ip: 'fd00:50:0::77' }).reservation({ ip: 'FD00:50::77' })?.ip).toBe('fd00:50::77');
    const only6 = NatNetwork.create('six').subnet('fd00::1/64');
    expect(only6.reserve({ name: 'a' }).reservation({ name: 'a' })?.ip).toBe('fd00::2');
    expect(() => only6.reserve({ mac })).toThrow(/no subnet fits/);
  });

  it('never is what the network counts on by chance: a next hop, another subnet of the host, a name in DNS', () => {
    const routed = lab.route({ to: '10.1.0.0/16', via: '192.168.50.3' });
    expect(routed.reserve({ mac }).reservation({ mac })?.ip).toBe('192.168.50.4');
    expect(lab.subnet('192.168.50.3/28').reserve({ mac }).reservation({ mac })?.ip).toBe('192.168.50.4');
    const named = lab.dnsHost({ ip: '192.168.50.3', hostnames: ['mail', 'Web'] });
    expect(named.reserve({ mac, name: 'db2' }).reservation({ mac })?.ip).toBe('192.168.50.4');
    expect(named.reserve({ mac, name: 'web' }).reservation({ mac })?.ip).toBe('192.168.50.3');
  });

  it('of a next hop or a named address is for the guest that asks for it', () => {
    const counting = lab
      .route({ to: '10.1.0.0/16', via: '192.168.50.3' })
      .dnsHost({ ip: '192.168.50.4', hostnames: ['mail'] });
    for (const ip of ['192.168.50.3', '192.168.50.4'])
      expect(counting.reserve({ mac, ip }).reservation({ mac })?.ip).toBe(ip);
    expect(() => lab.subnet('192.168.50.3/28').reserve({ mac, ip: '192.168.50.3' })).toThrow(/is taken/);
  });

  it('reads addresses of documents as libvirt does', () => {
    const reserved = (...ips: readonly Ip[]) =>
      NatNetwork.from({ name: 'a', forward: { mode: 'nat' }, ips })
        .reserve({ name: 'x' })
        .reservation({ name: 'x' })?.ip;
    const hosts = [{ name: 'y', ip: '10.2' }];
    expect(reserved({ address: '10.0.0.1', prefix: 24, dhcp: { hosts } })).toBe('10.0.0.3');
    expect(reserved({ address: '010.0.0.1', prefix: 24 })).toBe('8.0.0.2');
    expect(reserved({ address: 'fd00::1', prefix: 64 })).toBe('fd00::2');
    const ranges = [{ start: '10.2', end: '10.0.0.012' }];
    expect(reserved({ address: '10.0.0.1', prefix: 24, dhcp: { ranges } })).toBe('10.0.0.11');
  });

  it('needs no prefix where libvirt needs none', () => {
    const natural = NatNetwork.from({ name: 'a', forward: { mode: 'nat' }, ips: [{ address: '10.0.0.1' }] });
    expect(natural.reserve({ mac, ip: '10.200.0.9' }).reservation({ mac })?.ip).toBe('10.200.0.9');
  });

  it('is refused with the reason', () => {
    const tiny = NatNetwork.create('t').subnet('10.0.0.1/30').reserve({ name: 'a' });
    expect(() => tiny.reserve({ name: 'b' })).toThrow(/network "t": the subnet of 10.0.0.1 is full/);
    expect(() => lab.reserve({ name: 'a', ip: '192.168.50.1' })).toThrow(/192.168.50.1 is taken/);
    expect(() => lab.reserve({ name: 'a', ip: '192.168.50.2' })).toThrow(/192.168.50.2 is taken/);
    expect(() => lab.reserve({ name: 'a', ip: '192.168.50.255' })).toThrow(/cannot have 192.168.50.255/);
    expect(() => lab.reserve({ name: 'a', ip: '10.0.0.1' })).toThrow(
      /no subnet fits 10.0.0.1: it has 192.168.50.0\/24/,
    );
    for (const ip of ['192.168.50.010', '192.168.50']) {
      const problem = expect(() => lab.reserve({ name: 'a', ip }));
      problem.toThrow(LibvirtError);
      problem.toThrow(`'${ip}' is not an IP address`);
    }
  });

  it('of as many guests as there is room gives each an address of its own, and the network stays valid', () => {
    const count = runs(300);
    const random = announce('reservations', count);
    for (let i = 0; i < count; i++) {
      const cidr = `10.0.0.1/${random.int(27, 29)}`;
      const [start, end] = [random.int(2, 3), random.int(4, 6)];
      let network = NatNetwork.create('a').subnet(cidr, (subnet) => subnet.dhcp(`10.0.0.${start}`, `10.0.0.${end}`));
      const room = [...Subnet.parse(cidr).hosts()].length;
      for (let guest = 0; guest < room; guest++)
        network = network.reserve({ mac: `${macOf(random).slice(0, -2)}${10 + guest}` });
      const taken = network.document.ips?.[0]?.dhcp?.hosts?.map(({ ip }) => ip) ?? [];
      expect(new Set(taken)).toEqual(new Set(Subnet.parse(cidr).hosts()));
      expect(network.document.ips?.[0]?.dhcp?.ranges).toEqual([]);
      expect(network.validate()).toEqual([]);
      expect(() => network.reserve({ mac: 'fe:00:00:00:00:01' })).toThrow(/is full/);
    }
  });
});

describe('a reservation like that of the network on the host', () => {
  const [one, two, three] = ['52:54:00:00:00:11', '52:54:00:00:00:12', '52:54:00:00:00:13'];
  const empty = NatNetwork.create('lab').subnet('10.0.0.1/24', (subnet) => subnet.dhcp('10.0.0.100', '10.0.0.199'));
  const onHost = empty.reserve({ mac: one }).reserve({ mac: two });

  it('keeps the addresses of guests when another one is inserted before them', () => {
    const like = onHost;
    const next = empty
      .reserve({ mac: three }, { like })
      .reserve({ mac: one }, { like })
      .reserve({ mac: two }, { like });
    expect([one, two, three].map((mac) => next.reservation({ mac })?.ip)).toEqual(['10.0.0.2', '10.0.0.3', '10.0.0.4']);
    expect(empty.reserve({ mac: three }).reservation({ mac: three })?.ip).toBe('10.0.0.2');
  });

  it('takes another address where the old one is taken, or not of this subnet', () => {
    const taken = empty.reserve({ mac: three, ip: '10.0.0.2' }).reserve({ mac: one }, { like: onHost });
    expect(taken.reservation({ mac: one })?.ip).toBe('10.0.0.4');
    const moved = NatNetwork.create('lab').subnet('10.9.0.1/24').reserve({ mac: one }, { like: onHost });
    expect(moved.reservation({ mac: one })?.ip).toBe('10.9.0.2');
  });

  it('keeps an address inside of a range too', () => {
    const inside = empty.reserve({ mac: one, ip: '10.0.0.150' });
    expect(empty.reserve({ mac: one }, { like: inside }).reservation({ mac: one })?.ip).toBe('10.0.0.150');
  });
});
