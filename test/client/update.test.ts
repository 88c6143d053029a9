import { describe, expect, it } from 'vitest';
import { planUpdateRequests } from '../../src/client/update/update-requests.js';
import { LibvirtError, type NetworkDocument, ValidationError } from '../../src/index.js';

const thrown = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

const network: NetworkDocument = {
  name: 'lab',
  ips: [
    { family: 'ipv6', address: 'fd00::1', prefix: 64 },
    {
      address: '10.0.0.1',
      prefix: 24,
      dhcp: {
        ranges: [{ start: '10.0.0.100', end: '10.0.0.199', lease: { expiry: 2, unit: 'hours' } }],
        hosts: [
          { name: 'old', ip: '10.0.0.2' },
          { mac: '52:54:00:AA:00:01', name: 'db', ip: '10.0.0.3', lease: { expiry: 1, unit: 'hours' } },
        ],
      },
    },
    { address: '10.0.1.1', prefix: 24 },
  ],
  portgroups: [{ name: 'a' }, { name: 'b', default: true, vlan: { tags: [{ id: 7 }] } }],
  dns: {
    txts: [{ name: 'note', value: 'x' }],
    srvs: [
      { service: 'ldap', protocol: 'tcp', target: 'a', port: 1 },
      { service: 'ldap', protocol: 'udp' },
    ],
    hosts: [{ ip: '10.0.0.3', hostnames: ['db', 'sql'] }],
  },
};
const live = { live: network };

describe('an entry goes to the subnet that holds its address', () => {
  const parentOf = (ip: string) =>
    planUpdateRequests(live, { section: 'ip-dhcp-host', command: 'add-last', entry: { name: 'new', ip } })[0]
      ?.parentIndex;

  it('counted over both families', () => {
    expect([parentOf('fd00::5'), parentOf('10.0.0.9'), parentOf('10.0.1.9')]).toEqual([0, 1, 2]);
  });

  it('or to the one of its family that serves DHCP, as libvirt does not check', () => {
    expect([parentOf('192.168.1.1'), parentOf('2001:db8::1')]).toEqual([1, 0]);
  });

  it('or to none, where there is none of its family', () => {
    const steps = planUpdateRequests(
      { live: { name: 'lab', ips: [{ address: '10.0.0.1', prefix: 24 }] } },
      { section: 'ip-dhcp-host', command: 'add-last', entry: { name: 'new', ip: 'fd00::5' } },
    );
    expect(steps).toEqual([{ live: true, config: false, xml: "<host name='new' ip='fd00::5'/>" }]);
  });

  it('a range with both ends', () => {
    const entry = { start: '10.0.1.5', end: '10.0.1.9' };
    expect(planUpdateRequests(live, { section: 'ip-dhcp-range', command: 'add-first', entry })).toEqual([
      { live: true, config: false, parentIndex: 2, xml: "<range start='10.0.1.5' end='10.0.1.9'/>" },
    ]);
  });
});

describe('what is deleted is the whole entry that is stored', () => {
  it('whatever it is known by, in any spelling', () => {
    const xml = "<host mac='52:54:00:AA:00:01' name='db' ip='10.0.0.3'>\n  <lease expiry='1' unit='hours'/>\n</host>";
    for (const entry of [{ mac: '52:54:0:aa:0:1' }, { name: 'db' }, { ip: '10.0.0.3' }, { name: 'db', ip: '10.0.0.3' }])
      expect(planUpdateRequests(live, { section: 'ip-dhcp-host', command: 'delete', entry })).toEqual([
        { live: true, config: false, parentIndex: 1, xml },
      ]);
  });

  it('in every section', () => {
    const xmlOf = <K extends Parameters<typeof planUpdateRequests>[1]['section']>(section: K, entry: object) =>
      planUpdateRequests(live, { section, command: 'delete', entry })[0]?.xml;
    expect(xmlOf('ip-dhcp-range', { start: '10.0.0.100' })).toContain("end='10.0.0.199'");
    expect(xmlOf('portgroup', { name: 'b' })).toContain("<tag id='7'/>");
    expect(xmlOf('dns-txt', { name: 'note' })).toBe("<txt name='note' value='x'/>");
    expect(xmlOf('dns-srv', { protocol: 'udp' })).toBe("<srv service='ldap' protocol='udp'/>");
    expect(xmlOf('dns-host', { hostnames: ['sql'] })).toContain('<hostname>db</hostname>');
  });

  it('a MAC address does not hit an entry that has none', () => {
    const error = thrown(() =>
      planUpdateRequests(live, { section: 'ip-dhcp-host', command: 'delete', entry: { mac: '52:54:00:99:99:99' } }),
    );
    expect(error).toMatchObject({ code: 'UPDATE_REFUSED', network: 'lab' });
    expect(String(error)).toContain('52:54:00:99:99:99');
  });

  it('several entries, or none, are not guessed at', () => {
    for (const [section, entry] of [
      ['dns-srv', { service: 'ldap' }],
      ['dns-srv', {}],
      ['ip-dhcp-host', { lease: { expiry: 1 } }],
    ] as const)
      expect(thrown(() => planUpdateRequests(live, { section, command: 'delete', entry }))).toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
  });
});

describe('what is modified', () => {
  const modify = (entry: { mac?: string; name?: string; ip: string }) =>
    planUpdateRequests(live, { section: 'ip-dhcp-host', command: 'modify', entry });

  it('is found where it stands, also when its address moves', () => {
    expect(modify({ name: 'db', ip: '10.0.1.9' })[0]?.parentIndex).toBe(1);
  });

  it('must share something with one entry only, since libvirt takes the first', () => {
    expect(thrown(() => modify({ mac: '52:54:00:aa:00:01', ip: '10.0.0.2' }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

describe('both copies', () => {
  const entry = { name: 'new', ip: '10.0.0.9' };
  const change = { section: 'ip-dhcp-host', command: 'add-last', entry } as const;

  it('are changed in one step where they agree', () => {
    const xml = "<host name='new' ip='10.0.0.9'/>";
    expect(planUpdateRequests({ live: network, config: network }, change)).toEqual([
      { live: true, config: true, parentIndex: 1, xml },
    ]);
  });

  it('are changed one by one where the next start has other subnets, the stored one first', () => {
    const config = { ...network, ips: network.ips?.slice(1) ?? [] };
    const steps = planUpdateRequests({ live: network, config }, change);
    expect(steps.map(({ live, config, parentIndex }) => [live, config, parentIndex])).toEqual([
      [false, true, 0],
      [true, false, 1],
    ]);
  });

  it('an entry is deleted where it is', () => {
    const config = { name: 'lab', ips: network.ips?.map(({ dhcp: _, ...ip }) => ip) ?? [] };
    const steps = planUpdateRequests(
      { live: network, config },
      { section: 'ip-dhcp-host', command: 'delete', entry: { name: 'db' } },
    );
    expect(steps.map(({ live, config }) => [live, config])).toEqual([[true, false]]);
  });
});

describe('bad entries are refused before anything is sent', () => {
  const bad = [
    ['ip-dhcp-host', { name: "a' ip='10.0.0.66", ip: '10.0.0.9' }, 'UNESCAPED_CHARACTER'],
    ['ip-dhcp-host', { name: 'a', ip: 'nowhere' }, 'HOST_IP_BAD'],
    ['ip-dhcp-host', { mac: '52:54', ip: '10.0.0.9' }, 'HOST_MAC_BAD'],
    ['ip-dhcp-range', { start: '10.0.0.9', end: '10.0.0.5' }, 'RANGE_REVERSED'],
    ['portgroup', { name: 'a<b' }, 'UNESCAPED_CHARACTER'],
    ['dns-txt', { name: 'a', value: 'b\nserver=/evil/' }, 'DNSMASQ_LINE_BREAK'],
    ['dns-srv', { service: 'a', protocol: 'tcp', port: 7 }, 'DNS_SRV_NO_TARGET'],
    ['dns-host', { ip: '10.0.0.9', hostnames: [] }, 'DNS_HOST_NAME'],
  ] as const;
  for (const [section, entry, rule] of bad) {
    it(`${section} ${JSON.stringify(entry)}: ${rule}`, () => {
      const error = thrown(() => planUpdateRequests(live, { section, command: 'add-last', entry }));
      expect(error).toBeInstanceOf(ValidationError);
      expect(
        LibvirtError.is(error) && error instanceof ValidationError && error.issues.map(({ code }) => code),
      ).toContain(rule);
    });
  }

  it('what is wrong elsewhere in the network does not count', () => {
    const odd = { ...network, domain: { name: "it's" } };
    expect(
      planUpdateRequests({ live: odd }, { section: 'dns-txt', command: 'add-last', entry: { name: 'a', value: 'b' } }),
    ).toHaveLength(1);
  });
});
