import { describe, expect, it } from 'vitest';
import {
  type BaseNetwork,
  BridgedNetwork,
  DirectNetwork,
  formatPlan,
  IsolatedNetwork,
  NatNetwork,
  Network,
  type NetworkDocument,
  type PlanOptions,
} from '../../src/index.js';
import { type ObservedState, planNetwork } from '../../src/plan-entry.js';

const UUID = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11';
const base = NatNetwork.create('lab').subnet('10.0.0.1/24', (subnet) =>
  subnet
    .dhcp('10.0.0.100', '10.0.0.199')
    .host({ mac: '52:54:00:00:00:01', name: 'db', ip: '10.0.0.2' })
    .host({ mac: '52:54:00:00:00:02', name: 'web', ip: '10.0.0.3' }),
);

/** What libvirt makes of a network that is defined and started: it fills in what nobody chose. */
function onHost(network: BaseNetwork, active = true): ObservedState {
  const { document } = network;
  const stored: NetworkDocument = {
    ...document,
    uuid: UUID,
    bridge: { name: 'virbr4', stp: true, delay: 0, ...document.bridge },
    mac: { address: '52:54:00:11:22:33' },
  };
  const port = { start: 1024, end: 65_535 };
  const forward = { ...stored.forward, nat: { ...stored.forward?.nat, port } };
  const live = network.kind === 'nat' ? { ...stored, forward } : stored;
  return {
    state: { uuid: UUID, active, persistent: true, autostart: false },
    stored,
    ...(active ? { live } : {}),
  };
}

const shown = (desired: BaseNetwork, found: ObservedState, options: PlanOptions = {}) => {
  const { steps, blocked } = planNetwork(desired, found, options);
  return [...steps, ...blocked.map((step) => ({ ...step, what: `blocked: ${step.what}` }))].map(
    ({ effect, what }) => `${effect} ${what}`,
  );
};

describe('a plan compares what was asked for', () => {
  it('not what libvirt filled in: uuid, MAC address, bridge name, defaults, ports of masquerading', () => {
    expect(planNetwork(base, onHost(base))).toEqual({
      network: 'lab',
      steps: [],
      blocked: [],
      issues: [],
      restartNeeded: false,
    });
  });

  it('not the spelling or the order of entries', () => {
    const [ip] = base.document.ips ?? [];
    const hosts = [...(ip?.dhcp?.hosts ?? [])]
      .reverse()
      .map((host) => ({ ...host, mac: host.mac?.toUpperCase() ?? '' }));
    const spelled = base.with({ ips: [{ address: '10.0.0.1', prefix: 24, dhcp: { ...ip?.dhcp, hosts } }] });
    expect(shown(spelled, onHost(base))).toEqual([]);
  });

  it('not what a release drops', () => {
    const titled = base.title('The lab');
    expect(shown(titled, onHost(base), { libvirt: '9.0.0' })).toEqual([]);
    expect(shown(titled, onHost(base), { libvirt: '11.3.0' })).toEqual(['live set the title']);
  });

  it('not what a newer libvirt printed of its own accord', () => {
    const found = onHost(base);
    const stored = { ...onHost(base).stored, name: 'lab', extra: { attributes: { newer: 'yes' } } };
    expect(shown(base, { ...found, stored })).toEqual([]);
  });

  it('not the devices that libvirt found behind a physical function', () => {
    const pool = DirectNetwork.create({ name: 'lab', mode: 'private', devices: ['ens1'] }).with({
      forward: { mode: 'private', pf: { dev: 'ens1' } },
    });
    const live: NetworkDocument = {
      ...pool.document,
      uuid: UUID,
      forward: {
        mode: 'private',
        dev: 'ens1v0',
        pf: { dev: 'ens1' },
        interfaces: [{ dev: 'ens1v0' }, { dev: 'ens1v1' }],
      },
    };
    const state = { uuid: UUID, active: true, persistent: true, autostart: false };
    expect(shown(pool, { state, live, stored: { ...pool.document, uuid: UUID } })).toEqual([]);
  });
});

describe('a plan takes the gentlest steps', () => {
  const bootp = (...ranges: readonly (readonly [start: number, end: number, hours?: number])[]) =>
    base.with({
      ips: [
        {
          address: '10.0.0.1',
          prefix: 24,
          dhcp: {
            ranges: ranges.map(([start, end, expiry]) => ({
              start: `10.0.0.${start}`,
              end: `10.0.0.${end}`,
              ...(expiry === undefined ? {} : { lease: { expiry, unit: 'hours' } }),
            })),
            bootp: { file: 'pxelinux.0', server: '10.0.0.1' },
          },
        },
      ],
    });

  it('ranges come before ranges go, since <bootp> goes with the last of them', () => {
    expect(shown(bootp([140, 149], [100, 120, 54]), onHost(bootp([100, 120])))).toEqual([
      'live add ip-dhcp-range start=10.0.0.140 end=10.0.0.149',
      'live delete ip-dhcp-range start=10.0.0.100 end=10.0.0.120',
      'live add ip-dhcp-range start=10.0.0.100 end=10.0.0.120 lease.expiry=54 lease.unit=hours',
    ]);
  });

  it('a restart where the only range would take <bootp> away with it', () => {
    expect(shown(bootp([100, 120, 54]), onHost(bootp([100, 120])), { restart: 'always' })).toEqual([
      'stored change the stored definition, for the next start',
      'restart restart the network',
    ]);
  });

  it('one request for both copies where they need the same', () => {
    const { steps } = planNetwork(base.reserve({ mac: '52:54:00:00:00:09', name: 'new' }), onHost(base));
    expect(steps).toMatchObject([
      {
        action: 'update',
        effect: 'live',
        request: { section: 'ip-dhcp-host', command: 'add-last', parentIndex: 0, live: true, config: true },
      },
    ]);
  });

  it('a changed entry is modified where the release can do that, else deleted and added', () => {
    const before = base.dnsTxt({ name: 'note', value: '1' });
    const after = base.dnsTxt({ name: 'note', value: '2' });
    expect(shown(after, onHost(before), { libvirt: '11.3.0' })).toEqual(['live change dns-txt name=note, value 1 → 2']);
    expect(shown(after, onHost(before), { libvirt: '9.0.0' })).toEqual([
      'live delete dns-txt name=note value=1',
      'live add dns-txt name=note value=2',
    ]);
  });

  it('a wider range is there before the narrow one goes', () => {
    const wider = NatNetwork.from({
      ...base.document,
      ips: (base.document.ips ?? []).map((ip) => ({
        ...ip,
        dhcp: { ...ip.dhcp, ranges: [{ start: '10.0.0.50', end: '10.0.0.199' }] },
      })),
    });
    expect(shown(wider, onHost(base))).toEqual([
      'live add ip-dhcp-range start=10.0.0.50 end=10.0.0.199',
      'live delete ip-dhcp-range start=10.0.0.100 end=10.0.0.199',
    ]);
  });

  it('two reservations that swap their addresses', () => {
    const swapped = base.with({
      ips: (base.document.ips ?? []).map((ip) => ({
        ...ip,
        dhcp: {
          ...ip.dhcp,
          hosts: [
            { mac: '52:54:00:00:00:01', name: 'db', ip: '10.0.0.3' },
            { mac: '52:54:00:00:00:02', name: 'web', ip: '10.0.0.2' },
          ],
        },
      })),
    });
    const { steps, restartNeeded } = planNetwork(swapped, onHost(base));
    expect([steps.every(({ effect }) => effect === 'address'), restartNeeded]).toEqual([true, false]);
  });

  it('one definition for a network that does not run', () => {
    const found = onHost(base, false);
    const changed = base.domain('x.test').dnsTxt({ name: 'a', value: 'b' });
    expect(shown(changed, found)).toEqual(['stored change the stored definition']);
    expect(shown(changed, found, { running: true, autostart: true })).toEqual([
      'stored change the stored definition',
      'stored enable autostart',
      'live start the network',
    ]);
  });

  it('what only the stored copy lacks is defined, what only the running one lacks is updated', () => {
    const more = base.dnsTxt({ name: 'a', value: 'b' });
    const [old, both] = [onHost(base), onHost(more)];
    expect(shown(more, { ...both, stored: old.stored })).toEqual([
      'stored change the stored definition, for the next start',
    ]);
    const { steps } = planNetwork(more, { ...both, live: old.live });
    expect(steps).toMatchObject([{ action: 'update', request: { live: true, config: false } }]);
  });

  it('a network that is not there, one without a stored definition, and one that cannot be read', () => {
    expect(shown(base, {}, { running: true })).toEqual(['stored define the network', 'live start the network']);
    const { live } = onHost(base);
    const state = { uuid: UUID, active: true, persistent: false, autostart: false };
    expect(shown(base, { state, live })).toEqual(['stored define the network']);
    expect(shown(base, { state: { ...state, active: false, persistent: true } })).toEqual([
      'stored redefine the network',
    ]);
    expect(planNetwork(base, { state: { ...state, active: false, persistent: true } }).steps).toMatchObject([
      { document: { uuid: UUID } },
    ]);
  });
});

describe('what needs a restart', () => {
  const moved = NatNetwork.create('lab').subnet('10.9.0.1/24');
  const guests = [{ name: 'web', mac: '52:54:00:00:00:02', tap: 'vnet3' }];

  it('waits for the next start unless it is allowed, while all else is changed now', () => {
    const desired = base.domain('x.test').dnsTxt({ name: 'a', value: 'b' });
    const gentle = [
      'stored change the stored definition, for the next start',
      'live add dns-txt name=a value=b',
      'restart blocked: restart the network',
    ];
    const bold = ['stored change the stored definition, for the next start', 'restart restart the network'];
    const [unused, used] = [onHost(base), { ...onHost(base), guests }];
    expect(shown(desired, unused)).toEqual(gentle);
    expect(shown(desired, unused, { restart: 'if-unused' })).toEqual(bold);
    expect(shown(desired, used, { restart: 'if-unused' })).toEqual(gentle);
    expect(shown(desired, used, { restart: 'always' })).toEqual(bold);
  });

  it('counts guests of whom only their number is known', () => {
    const found = onHost(base);
    const counted = { ...found, live: { ...(found.live ?? base.document), connections: 2 } };
    const { blocked } = planNetwork(moved, counted, { restart: 'if-unused' });
    expect(blocked).toMatchObject([{ action: 'restart', guests: [{}, {}] }]);
  });

  it('names the guests and the reason', () => {
    expect(formatPlan(planNetwork(base.domain('x.test'), { ...onHost(base), guests }, { restart: 'always' }))).toBe(
      [
        'lab: 2 steps',
        '  stored  change the stored definition, for the next start',
        '          it differs from what is wanted',
        '            domain: nothing → name=x.test',
        '  restart restart the network',
        '          cannot be changed while it runs: domain',
        '          - web 52:54:00:00:00:02 on vnet3',
      ].join('\n'),
    );
  });

  it('a change of kind', () => {
    const bridged = BridgedNetwork.create({ name: 'lab', bridge: 'br0' });
    expect(shown(bridged, onHost(base), { restart: 'always' })).toEqual([
      'stored change the stored definition, for the next start',
      'restart restart the network',
    ]);
  });
});

describe('a plan is refused', () => {
  it('for a word that is not a policy', () => {
    const options: object = { restart: 'sometimes' };
    expect(() => planNetwork(base, onHost(base), options)).toThrow(
      'restart must be never, if-unused or always, not "sometimes"',
    );
  });

  it('for a name that belongs to another uuid', () => {
    const other = base.withUuid('00000000-0000-4000-8000-000000000001');
    expect(() => planNetwork(other, onHost(base))).toThrowError(expect.objectContaining({ code: 'NETWORK_EXISTS' }));
  });

  it('for a network that libvirt would not take', () => {
    expect(() => planNetwork(Network.from({ name: 'lab', forward: { mode: 'nat' } }), {})).toThrowError(
      expect.objectContaining({ code: 'VALIDATION' }),
    );
  });

  it('when a network should stop that guests use', () => {
    const found = { ...onHost(base), guests: [{ mac: '52:54:00:00:00:02' }] };
    expect(() => planNetwork(base, found, { running: false })).toThrowError(
      expect.objectContaining({ code: 'NETWORK_IN_USE' }),
    );
    expect(shown(base, found, { running: false, restart: 'always' })).toEqual(['restart stop the network']);
    expect(shown(IsolatedNetwork.create('lab'), onHost(IsolatedNetwork.create('lab')), { running: false })).toEqual([
      'restart stop the network',
    ]);
  });
});
