import { installOpenings, localRunner, type OpeningOptions, removeOpenings } from 'libvirt-network/host';
import { allow, type Opening, ownAddress, type Traffic } from 'libvirt-network/preview';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FirewallHost } from '../preview/firewalls/host.js';
import { NAT, NETWORKS } from '../preview/firewalls/networks.js';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';
import { HOST_STATE, sorted } from './host-state.js';

needs('daemon 9.0', 'daemon 12.9');

const NAT2 = NETWORKS.find(({ name }) => name === 'nat2') ?? NAT;
const G1B = { network: NAT, address: '192.168.122.12' };

describe.each(thinned('traffic allowed', ['12.9', '9.0'] as const, 2))(
  'what is allowed beside libvirt %s',
  (release) => {
    let host: FirewallHost;
    let before = '';
    let options: OpeningOptions;
    const state = (): string => host.daemon.inside(HOST_STATE);
    const openingsOf = (traffic: Traffic): readonly Opening[] => {
      const { firewall, kernel } = host.topology('text');
      const { openings, closed } = allow(traffic, firewall, { ...host.options, kernel });
      expect(closed).toEqual([]);
      return openings;
    };
    /** Senders that reach a guest of the network `nat` by TCP. */
    const reach = (): string[] => ['g3', 'outside'].filter((from) => host.daemon.probe(from, 'tcp', G1B.address).ok);

    beforeAll(() => {
      host = new FirewallHost(release);
      options = { runner: localRunner({ prefix: host.daemon.enter }) };
      before = state();
    });
    afterAll(() => host.stop());

    it('passes, and nothing else does, over a restart of libvirt and of the networks', async () => {
      expect(reach()).toEqual([]);
      const networks = openingsOf({ from: NAT2, to: G1B, protocol: 'tcp', ports: 7777 });
      await installOpenings(networks, options);
      expect(reach()).toEqual(['g3']);
      host.daemon.restartLibvirt();
      expect(reach()).toEqual(['g3']);
      const lan = openingsOf({ from: { subnet: '198.51.100.0/24' }, to: G1B, protocol: 'tcp' });
      await installOpenings(lan, options);
      expect(reach()).toEqual(['g3', 'outside']);
      await removeOpenings(networks, options);
      expect(reach()).toEqual(['outside']);
      await removeOpenings(lan, options);
      expect(reach()).toEqual([]);
      expect(sorted(state())).toEqual(sorted(before));
    });

    it('is made again by the start of a network after somebody has flushed all rules', async () => {
      const openings = openingsOf({ from: NAT2, to: G1B, protocol: 'tcp', ports: 7777 });
      await installOpenings(openings, options);
      host.daemon.inside('nft flush ruleset');
      host.daemon.restartLibvirt();
      // Any network will do: its hook runs for all.
      host.daemon.ask('net-destroy route; net-start route');
      expect(reach()).toEqual(['g3']);
      await removeOpenings(openings, options);
    });

    it('gives one guest a source address of its own', async () => {
      const { daemon } = host;
      daemon.inside('ip addr add 198.51.100.77/24 dev ext0');
      const opening = ownAddress(G1B, '198.51.100.77', { ...host.options, device: 'ext0' });
      const sources = (): unknown[] => ['g1', 'g1b'].map((from) => daemon.probe(from, 'tcp', '198.51.100.2').peer);
      const untouched = state();
      await installOpenings([opening], options);
      expect(sources()).toEqual(['198.51.100.1', '198.51.100.77']);
      const once = state();
      await installOpenings([opening], options);
      expect(state()).toBe(once);
      daemon.restartLibvirt();
      expect(sources()).toEqual(['198.51.100.1', '198.51.100.77']);
      await removeOpenings([opening], options);
      expect(sources()).toEqual(['198.51.100.1', '198.51.100.1']);
      expect(sorted(state())).toEqual(sorted(untouched));
      daemon.inside('ip addr del 198.51.100.77/24 dev ext0');
    });

    it('keeps the address of a guest towards another network', async () => {
      const { daemon } = host;
      const openings = openingsOf({ from: G1B, to: NAT2, protocol: 'tcp', ports: 7777 });
      const kept = ownAddress(G1B, G1B.address, { ...host.options, device: 'virbr2' });
      const sources = (): unknown[] =>
        ['192.168.124.11', '198.51.100.2'].map((to) => daemon.probe('g1b', 'tcp', to).peer);
      const untouched = state();
      await installOpenings(openings, options);
      expect(sources()).toEqual(['192.168.124.1', '198.51.100.1']);
      await installOpenings([kept], options);
      expect(sources()).toEqual([G1B.address, '198.51.100.1']);
      daemon.restartLibvirt();
      expect(sources()).toEqual([G1B.address, '198.51.100.1']);
      await removeOpenings([kept, ...openings], options);
      expect(sorted(state())).toEqual(sorted(untouched));
    });

    it('is undone as a whole when one of several cannot be made', async () => {
      const good = openingsOf({ from: NAT2, to: G1B, protocol: 'tcp', ports: 7777 });
      const [first] = good;
      const place = {
        family: 'ip',
        table: release === '9.0' ? 'filter' : 'libvirt_network',
        chain: 'nowhere',
      } as const;
      const bad = {
        ...first,
        name: 'lvn-bad',
        rules: first?.rules.map((rule) => ({ ...rule, place })) ?? [],
      } as Opening;
      const untouched = state();
      await expect(installOpenings([...good, bad], options)).rejects.toMatchObject({ code: 'UNEXPECTED_REPLY' });
      expect(state()).toBe(untouched);
      expect(reach()).toEqual([]);
    });
  },
);
