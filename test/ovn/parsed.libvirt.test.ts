import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IsolatedNetwork, NatNetwork } from '../../src/index.js';
import { type Ovn as Cloud, ovn } from '../../src/ovn/index.js';
import { lab, type Ovn } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { announce, runs } from '../support/random.js';
import { randomNetwork } from './random-networks.js';

needs('Open vSwitch and OVN');

/** Texts that end an expression of OVN, or mean something in it. */
const TEXTS = [
  'plain',
  'a"b',
  'a\\',
  '\\"; drop',
  '$x',
  '@y',
  '{1, 2}',
  'ä€😀',
  "it's",
  'a b',
  '%s%n',
  '&& 1',
  ';',
  '#',
  '/*',
  'x'.repeat(100),
];

/** Names of networks that libvirt takes. */
const NAMES = ['lab', 'a-b', 'a_b', 'a.b', 'ä', 'a b', '"', '\\', '$x', '@y', '{z}', "it's", '&&', '1', 'x'.repeat(60)];

describe('OVN takes', () => {
  let hosts: Ovn;
  let cloud: Cloud;
  beforeAll(() => {
    hosts = lab.ovn();
    cloud = ovn({ northbound: hosts.northbound });
  }, 60_000);
  afterAll(async () => {
    await cloud.close();
    hosts.stop();
  });

  const prove = () => {
    hosts.nbctl('--wait=sb', 'sync');
    return hosts.unparsed();
  };

  it('any row that is made of a random network', { timeout: runs(600_000, 60_000) }, async () => {
    const count = runs(500, 20);
    const random = announce('networks whose rows OVN parses', count);
    for (let i = 0; i < count; i++) {
      const name = `${NAMES[i % NAMES.length]}${i}`;
      const { network, outside } = randomNetwork(name, random);
      await cloud.networks.ensure(network, { outside });
      for (let k = 0; k < 3; k++) await cloud.networks.port(name, { mac: `52:54:00:00:01:0${k}` });
    }
    expect(prove()).toBe('');
    expect(hosts.northdComplaints()).toBe('');
  });

  it('boot files of any name', async () => {
    for (const [i, text] of TEXTS.entries()) {
      const network = IsolatedNetwork.create(`boots${i}`).subnet('10.9.0.1/24', (s) =>
        s.dhcp('10.9.0.100', '10.9.0.109').bootp(text, { server: '10.9.0.2' }),
      );
      await cloud.networks.ensure(network);
      await cloud.networks.port(network.name, { mac: '52:54:00:00:02:01' });
    }
    expect(prove()).toBe('');
  });

  it('the rules of networks of any name', async () => {
    const outside = { physicalNetwork: 'lan', addresses: ['198.51.100.10/24'], chassis: 'chassis1' };
    for (const name of NAMES) {
      const network = NatNetwork.create(name)
        .subnet('10.9.0.1/24')
        .forwardPort({ protocol: 'tcp', hostPort: 80, from: '192.0.2.1', to: { ip: '10.9.0.5' } });
      await cloud.networks.ensure(network, { outside });
    }
    expect(prove()).toBe('');
  });

  it('no domain without quotes, which shows that the others were looked at', () => {
    const options = 'server_id=10.9.0.1 server_mac="52:54:00:aa:00:01" lease_time=3600 domain_name=lab.test';
    const dhcp = hosts.nbctl('create', 'DHCP_Options', 'cidr=10.9.0.0/24', `options=${options}`);
    hosts.nbctl('ls-add', 'wrong', '--', 'lsp-add', 'wrong', 'wrong-port');
    hosts.nbctl('lsp-set-addresses', 'wrong-port', '52:54:00:00:03:01 10.9.0.50');
    hosts.nbctl('lsp-set-dhcpv4-options', 'wrong-port', dhcp);
    expect(prove()).toMatch(/parsing actions failed|Syntax error/i);
  });
});
