import { connect, NatNetwork, type Transport } from 'libvirt-network';
import {
  type DiagnosisTarget,
  diagnose,
  FINDINGS,
  gatherEvidence,
  judge,
  renderDiagnosis,
} from 'libvirt-network/doctor';
import { mockTransport } from 'libvirt-network/testing';
import { describe, expect, it } from 'vitest';
import { localView, recordingRunner } from '../../src/host/index.js';
import { caught, thrown } from '../support/caught.js';
import { type Changes, DEVICES, evidenceOf, LAB, NIC } from './evidence.js';

const first = (changes: Changes, target: DiagnosisTarget = 'lab') => judge(evidenceOf(changes), target).findings[0];
const changed = (name: string, change: object) =>
  DEVICES.map((one) => (one.name === name ? { ...one, ...change } : one));
const chain = (base: string, ...rules: readonly string[]) =>
  `table inet own {\n\tchain own {\n\t\ttype filter hook ${base};\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n}\n`;
const policy = chain('input priority filter; policy drop', 'ct state established,related accept');

describe('what was found on a host', () => {
  it('is judged to be well where nothing is wrong', () => {
    for (const target of [
      'lab',
      LAB,
      { guest: 'web1' },
      { guest: 'web1', mac: '52:54:00:00:00:01' },
      'no address',
    ] as const)
      expect(judge(evidenceOf(), target).findings).toEqual([]);
  });

  it.each<readonly [string, Changes]>([
    ['network-inactive', { active: false }],
    ['bridge-missing', { devices: DEVICES.slice(1) }],
    ['bridge-down', { devices: changed('virbr9', { up: false }) }],
    ['bridge-address-missing', { devices: changed('virbr9', { address: undefined }) }],
    ['dnsmasq-dead', { looks: { dnsmasq: 'lab 4711 gone\n' } }],
    ['dnsmasq-dead', { looks: { dnsmasq: '' } }],
    ['dnsmasq-stopped', { looks: { dnsmasq: 'lab 4711 T (stopped)\n' } }],
    ['uplink-down', { devices: changed('eno1', { carrier: false }) }],
    ['guests-routed-elsewhere', { routes: [{ dst: '10.9.1.128/25', dev: 'eno1' }] }],
    ['target-routed-elsewhere', { routes: [{ dst: '198.51.100.0/24', dev: 'virbr9' }] }],
    ['forwarding-off', { looks: { sysctl: 'net.ipv4.ip_forward = 0\nnet.ipv4.conf.virbr9.forwarding = 0\n' } }],
    ['arp-ignored', { looks: { sysctl: 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.virbr9.arp_ignore = 8\n' } }],
    ['filtered', { tables: policy }],
    ['untracked', { tables: chain('prerouting priority raw; policy accept', 'iifname "virbr9" notrack') }],
    ['libvirt-rules-missing', { looks: { nft: '' } }],
    ['resolver-unusable', { looks: { resolver: 'nameserver 10.9.1.1\n' } }],
    ['resolver-unusable', { looks: { resolver: 'nameserver 127.0.0.53\n', udp: '' } }],
    ['hook-skipped', { looks: { hooks: '644 /etc/libvirt/hooks/network\n' } }],
    ['range-full', { leases: [100, 101, 102].map((n) => ({ mac: `52:54:00:00:00:${n}`, address: `10.9.1.${n}` })) }],
    ['tap-missing', { devices: DEVICES.slice(0, 2) }],
    ['tap-unplugged', { devices: changed('vnet0', { master: undefined }) }],
    ['tap-in-other-bridge', { devices: changed('vnet0', { master: 'br0' }) }],
    ['tap-down', { devices: changed('vnet0', { up: false }) }],
    ['guest-link-down', { devices: changed('vnet0', { carrier: false }) }],
    ['mtu-differs', { devices: changed('vnet0', { mtu: 1400 }) }],
    ['link-down', { nics: [{ ...NIC, link: 'down' }] }],
    [
      'connections-full',
      {
        looks: {
          sysctl: 'net.ipv4.ip_forward = 1\nnet.netfilter.nf_conntrack_count = 9\nnet.netfilter.nf_conntrack_max = 9\n',
        },
      },
    ],
    [
      'port-forward-missing',
      { network: LAB.forwardPort({ protocol: 'tcp', hostPort: 8080, to: { ip: '10.9.1.100', port: 80 } }) },
    ],
  ])('has the finding %s', (id, changes) => {
    expect(first(changes)?.id).toBe(id);
  });

  it('names the rule that stops packets, its owner and an opening', () => {
    const { owner, evidence, remedy } = first({ tables: policy }) ?? {};
    expect(owner).toBe('nftables');
    expect(evidence?.[0]?.text).toBe('policy drop of chain own in table inet own');
    expect(remedy?.openings?.[0]?.rules.map(({ port }) => port?.start)).toContain(67);
  });

  it('shows each rule of libvirt that is gone in one line', () => {
    const { evidence = [] } = first({ looks: { nft: '' } }) ?? {};
    expect(evidence[0]?.text).toMatch(/^missing: nft .*$/);
  });

  it('answers a complaint first with what explains it', () => {
    const changes = { looks: { resolver: '' }, tables: chain('forward priority filter; policy drop') };
    expect(first(changes, { complaint: 'no dns', network: 'lab' })?.id).toBe('resolver-unusable');
    expect(first(changes, { complaint: 'no way out', network: 'lab' })?.id).toBe('filtered');
  });

  it('says where to look when nothing on the host explains a complaint, if all of it was seen', () => {
    const target = { complaint: 'no way out', guest: 'web1' } as const;
    expect(first({}, target)).toMatchObject({ id: 'not-on-host', owner: 'guest' });
    expect(first({ without: ['nft'] }, target)).toBeUndefined();
  });

  it('finds a guest that does not answer, unless its neighbours know that it is there', () => {
    const probes = [{ guest: 'web1', mac: NIC.mac, bridge: 'virbr9', address: '10.9.1.100', answered: false }];
    const neighbour = (state: string) => JSON.stringify([{ dst: '10.9.1.100', dev: 'virbr9', state: [state] }]);
    const judged = (state: string) =>
      judge({ ...evidenceOf({ looks: { neighbours: neighbour(state) } }), probes }, 'lab').findings.map(({ id }) => id);
    expect(judged('FAILED')).toEqual(['guest-silent']);
    expect(judged('REACHABLE')).toEqual([]);
  });

  it.each<readonly [string, DiagnosisTarget, string]>([
    ['a network that is not there', 'other', 'NETWORK_NOT_FOUND'],
    ['a guest that is not there', { guest: 'other' }, 'NOT_FOUND'],
    ['a MAC address that is not one', { guest: 'web1', mac: 'x' }, 'INVALID_ARGUMENT'],
  ])('is refused for %s', (_, target, code) => {
    expect(thrown(() => judge(evidenceOf(), target))).toMatchObject({ code });
  });

  it.each([
    '',
    {},
    { network: '' },
    { network: 3 },
    { network: null },
    { guest: 3 },
    { guest: '' },
    { guest: 'web1', macc: 'x' },
    { mac: '52:54:00:00:00:01' },
    { guest: 'web1', network: 'lab' },
    { complaint: 'no adress' },
    null,
    5,
  ])('is refused for a target such as %j', (target) => {
    expect(thrown(() => judge(evidenceOf(), target as never))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('takes a network that is called like a complaint', () => {
    expect(thrown(() => judge(evidenceOf(), { network: 'no dns' }))).toMatchObject({ code: 'NETWORK_NOT_FOUND' });
  });

  it.each([
    undefined,
    null,
    5,
    '{}',
    {},
    { ...evidenceOf(), nics: undefined },
    { ...evidenceOf(), looks: { nft: 5 } },
    {
      ...evidenceOf(),
      networks: [{ name: 'lab' }],
    },
  ])('refuses what is not evidence: %j', (evidence) => {
    expect(thrown(() => judge(evidence as never, 'lab'))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('quotes names in commands', () => {
    const network = LAB.named("lab'; reboot #");
    const [{ remedy } = { remedy: { commands: [] } }] = judge(evidenceOf({ network, active: false }), network).findings;
    expect(remedy.commands[0]).toBe(`virsh net-start 'lab'\\''; reboot #'`);
  });

  it('keeps names from being taken for options of commands', () => {
    const network = LAB.named('-rf');
    const commands = (changes: Changes) =>
      judge(evidenceOf({ network, ...changes }), network).findings[0]?.remedy.commands;
    expect(commands({ active: false })).toEqual(['virsh net-start -- -rf', 'virsh net-autostart -- -rf']);
    const nic = { ...NIC, guest: '--help', network: '-rf', link: 'down' } as const;
    expect(commands({ nics: [nic], looks: { dnsmasq: '-rf 4711 S (sleeping)\n' } })).toEqual([
      'virsh domif-setlink -- --help vnet0 up',
    ]);
  });

  it('looks at every network for a complaint without a place, and takes those that start by hand for less', () => {
    const off = evidenceOf({ active: false, nics: [] });
    const withoutAutostart = { ...off, networks: off.networks.map((one) => ({ ...one, autostart: false })) };
    for (const complaint of ['no dns', 'no address', 'no way out', 'not reachable'] as const) {
      expect(judge(off, complaint).findings[0]).toMatchObject({ id: 'network-inactive', severity: 'error' });
      expect(judge(withoutAutostart, complaint).findings[0]).toMatchObject({
        id: 'network-inactive',
        severity: 'warning',
      });
    }
    expect(judge(withoutAutostart, 'lab').findings[0]?.severity).toBe('error');
    expect(judge({ ...withoutAutostart, nics: [NIC] }, 'no dns').findings[0]?.id).toBe('network-inactive');
  });

  it('is plain data that JSON keeps', () => {
    const evidence = evidenceOf({ tables: policy });
    const copy = JSON.parse(JSON.stringify(evidence));
    expect(judge(copy, 'lab')).toEqual(judge(evidence, 'lab'));
  });

  it('is shown as text with proof, owner and remedy', () => {
    const text = renderDiagnosis(judge(evidenceOf({ looks: { dnsmasq: '' } }), 'lab'));
    expect(text).toContain('error: the dnsmasq of network lab has ended');
    expect(text).toContain('proof: /run/libvirt/network/lab.pid: does not exist');
    expect(renderDiagnosis(judge(evidenceOf(), 'lab'))).toBe('test: nothing is wrong\n');
  });

  it('every kind of finding says what it means', () => {
    for (const { means } of Object.values(FINDINGS)) expect(means).toMatch(/^[A-Zl].*\.$/);
  });
});

describe('what could not be seen', () => {
  const lab = NatNetwork.create('lab').bridge('virbr9').subnet('10.9.1.1/24');

  it('is listed with the way to see it', async () => {
    await using host = connect(mockTransport({ networks: [lab] }));
    const denied = recordingRunner((request) => {
      const marks = [...`${request.args.join(' ')}${request.input ?? ''}`.matchAll(/echo "(\w{18} \w+) \$s"/g)];
      const lines = marks.flatMap(([, mark]) => [`${mark} 1`, `Operation not permitted\n${mark} why`]);
      return { exitCode: 0, stdout: `${lines.join('\n')}\n`, stderr: '' };
    });
    const { notSeen, findings } = await diagnose(host, 'lab', { view: localView({ runner: denied }) });
    expect(findings.map(({ id }) => id)).toEqual(['network-inactive']);
    const filters = notSeen.find(({ what }) => what === 'packet filters');
    expect(filters?.why).toContain('Operation not permitted');
    expect(filters?.how).toContain('sudo');
  });

  it('is everything without a view, and without a host that answers', async () => {
    await using host = connect(mockTransport({ networks: [lab] }));
    expect((await gatherEvidence(host)).notSeen.map(({ why }) => why)).toContain('no view of the host was given');
    const dead = recordingRunner(() => ({ exitCode: 1, stdout: '', stderr: 'no' }));
    const { notSeen } = await gatherEvidence(host, { view: localView({ runner: dead }) });
    expect(notSeen.some(({ why }) => why.includes('cannot look at the host'))).toBe(true);
  });

  it('is not a connection that the program has closed itself', async () => {
    const host = connect(mockTransport({ networks: [lab] }));
    await host.close();
    expect(await caught(diagnose(host, 'lab'))).toMatchObject({ code: 'CLOSED' });
  });

  it.each([-1, 0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5'])(
    'is not looked for within %s ms',
    async (timeoutMs) => {
      await using host = connect(mockTransport({ networks: [lab] }));
      const options = { timeoutMs: timeoutMs as number };
      const view = localView({ runner: recordingRunner(() => ({ exitCode: 0, stdout: '', stderr: '' })) });
      const calls: readonly (() => Promise<unknown>)[] = [
        () => diagnose(host, 'lab', options),
        () => gatherEvidence(host, { ...options, view }),
        () => host.networks.list(options),
        () => host.networks.ensure(lab, options),
      ];
      for (const call of calls)
        expect(await caught(Promise.resolve().then(call))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  );

  it('is refused for what is not a signal, a view or a readable target', async () => {
    await using host = connect(mockTransport({ networks: [lab] }));
    const target = Object.defineProperty({}, 'guest', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    const codeOf = (call: () => Promise<unknown>): Promise<unknown> => caught(Promise.resolve().then(() => call()));
    for (const call of [
      () => diagnose(host, 'lab', { signal: 5 as never }),
      () => gatherEvidence(host, { signal: {} as never }),
      () => host.networks.list({ signal: 5 as never }),
      () => diagnose(host, target as never),
    ] as const)
      expect(await codeOf(call)).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await codeOf(() => gatherEvidence(host, { view: (() => 'source') as never }))).toMatchObject({
      message: 'view of gatherEvidence must be a view of a host, not function',
    });
  });

  it.each([undefined, null, {}, { host: 'x', notSeen: [], findings: [{}] }, { host: 'x', notSeen: [5], findings: [] }])(
    'is not shown for what is not a diagnosis: %j',
    (given) => {
      expect(thrown(() => renderDiagnosis(given as never))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  );

  it('leads to a finding where libvirt itself does not answer', async () => {
    const mock = mockTransport();
    const gone = await mock.call('network.dump', { network: 'x' }).catch((error: unknown) => error);
    const call: Transport['call'] = () => Promise.reject(gone);
    await using host = connect({
      label: 'here',
      call,
      events: (options) => mock.events(options),
      close: async () => {},
    });
    expect((await diagnose(host, 'lab')).findings[0]?.id).toBe('libvirt-unreachable');
  });
});
