import { type HostEvidence, judge, LOOKS, type LookName } from 'libvirt-network/doctor';
import { describe, expect, it } from 'vitest';
import { thrown } from '../support/caught.js';
import { inTurn } from '../support/random.js';
import { evidenceOf, LAB, NIC } from './evidence.js';

const NAMES = Object.keys(LOOKS).filter((name): name is LookName => name in LOOKS);
const STRANGE = ['{}', '[{}]', '[null]', '[5]', '"x"', 'null', '???', 'command not found', '[{"ifname":"vir'];
/** Each meets every look and every text. */
const TARGETS = ['lab', 'no dns', { complaint: 'no address', guest: 'web1' }] as const;

const withLook = (name: LookName, text: string): HostEvidence => evidenceOf({ looks: { [name]: text } });

/** What of the log is about something else is passed over. */
const readLooks = NAMES.filter((name) => name !== 'log');

describe('a look that is not what its command prints', () => {
  it.each(readLooks)('is not seen, and leads to no finding: %s', (name) => {
    for (const [i, text] of STRANGE.entries())
      for (const target of inTurn(TARGETS, readLooks.indexOf(name) + i)) {
        const { findings, notSeen } = judge(withLook(name, text), target);
        expect(findings, `${text} for ${JSON.stringify(target)}`).toEqual([]);
        expect(notSeen, text).not.toEqual([]);
      }
  });

  it.each(['links', 'addresses'] as const)('is an empty list of %s: each host has a loopback device', (name) => {
    for (const text of ['', '[]']) expect(judge(withLook(name, text), 'lab')).toMatchObject({ findings: [] });
  });

  it.each<readonly [LookName, string]>([
    ['links', '[{"ifname":"virbr9"}]'],
    ['addresses', '[{"ifname":"virbr9"}]'],
    ['routes4', '[{"dev":"eno1"}]'],
    ['dnsmasq', 'lab S (sleeping)'],
    ['sysctl', 'net.ipv4.conf.all.rp_filter = 1\n'],
    ['sysctl', ''],
    ['resolver', 'nameservers: 192.0.2.1\n'],
    ['udp', 'State Recv-Q Send-Q\n'],
  ])('lacks what all such outputs have: %s %s', (name, text) => {
    const { findings, notSeen } = judge(withLook(name, text), 'lab');
    expect(findings).toEqual([]);
    expect(notSeen.map(({ what }) => what)).toContain(LOOKS[name].what);
  });

  it('keeps the finding that nothing on the host explains a complaint from being made', () => {
    const target = { complaint: 'no way out', guest: 'web1' } as const;
    expect(judge(evidenceOf(), target).findings.map(({ id }) => id)).toEqual(['not-on-host']);
    expect(judge(withLook('rules4', '???'), target).findings).toEqual([]);
  });
});

describe('stored evidence', () => {
  const [network] = evidenceOf().networks;
  it.each<readonly [string, object]>([
    ['host', { host: undefined }],
    ['leases', { networks: [{ ...network, leases: [{}] }] }],
    ['active', { networks: [{ ...network, active: undefined }] }],
    ['nics[0]', { nics: [{}] }],
    ['link', { nics: [{ ...NIC, link: 'sideways' }] }],
    ['probes', { probes: [{ guest: 'web1' }] }],
    ['notSeen', { notSeen: [null] }],
    ['unreachable', { unreachable: {} }],
  ])('is refused when a part is missing: %s', (part, change) => {
    const error = thrown(() => judge({ ...evidenceOf(), ...change }, 'lab'));
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toContain(part);
  });

  it('with a definition that cannot be read has the network, but says nothing about it', () => {
    const broken = { ...evidenceOf(), networks: [{ ...network, xml: '<network' }] } as HostEvidence;
    const { findings, notSeen } = judge(broken, 'lab');
    expect(findings).toEqual([]);
    expect(notSeen.map(({ what }) => what)).toContain('network "lab"');
  });
});

describe('the dnsmasq of a network', () => {
  it('is found where the name of the network has blanks', () => {
    const network = LAB.named('my lab');
    expect(judge(evidenceOf({ network, looks: { dnsmasq: 'my lab 4711 S (sleeping)\n' } }), network).findings).toEqual(
      [],
    );
    const [dead] = judge(evidenceOf({ network, looks: { dnsmasq: 'my lab 4711 gone\n' } }), network).findings;
    expect(dead?.id).toBe('dnsmasq-dead');
  });
});
