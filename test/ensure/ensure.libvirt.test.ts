import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  connect,
  formatPlan,
  type Host,
  Network,
  type NetworkDocument,
  type PlanStep,
  type Transport,
} from '../../src/index.js';
import { type Daemon, PingingGuest, type Release, startDaemon, viewThrough } from '../lab/index.js';
import { changedEntries, plainNetwork } from '../support/changes.js';
import { linesOf } from '../support/lines.js';
import { needs } from '../support/needs.js';
import { announce, type Random, runs } from '../support/random.js';
import { realizable } from '../support/realizable.js';
import { ONE_WAY_EACH } from '../support/transports.js';

needs('daemon 11.3', 'daemon 9.0');

const MODES = [
  'none',
  'nat',
  'route',
  'open',
  'none',
  'nat',
  'route',
  'bridge',
  'private',
  'vepa',
  'passthrough',
] as const;

const definition = (random: Random): NetworkDocument => realizable(plainNetwork(random, 'pair', MODES));

const metadata = (random: Random): NetworkDocument => ({
  name: 'pair',
  ...random.maybe(0.7, () => ({
    metadata: [
      {
        type: 'element' as const,
        name: 'app:note',
        attributes: { 'xmlns:app': 'urn:example:note', n: `${random.int(1, 9)}` },
        children: [],
      },
    ],
  })),
});

/** Another network, or the same with other entries, labels or settings. */
function desiredFrom(random: Random, current: NetworkDocument): NetworkDocument {
  const { metadata: _, ...plain } = current;
  const changes: readonly (() => NetworkDocument)[] = [
    () => realizable(changedEntries(random, current)),
    () => realizable(changedEntries(random, current)),
    () => ({ ...plain, ...metadata(random), title: `t${random.int(1, 9)}` }),
    () => realizable({ ...changedEntries(random, plain), ...metadata(random) }),
    () => ({
      ...realizable(changedEntries(random, current)),
      ...(current.ips === undefined ? {} : { domain: { name: 'new.test' } }),
    }),
    () => definition(random),
  ];
  return random.pick(changes)();
}

/** A state that a program may find a network in. */
interface Found {
  readonly isActive: boolean;
  readonly commands: readonly string[];
  /** Definitions by the names that the commands have for them. */
  readonly files: Readonly<Record<string, NetworkDocument>>;
}

const UUID = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11';

/** Not there, stopped, running without a stored definition, or running, perhaps with another definition stored. */
function foundFrom(random: Random, current: NetworkDocument): Found {
  if (random.chance(0.1)) return { isActive: false, commands: [], files: {} };
  const isTransient = random.chance(0.1);
  if (!isTransient && random.chance(0.15))
    return { isActive: false, commands: ['net-define current'], files: { current } };
  const begin = isTransient ? ['net-create current'] : ['net-define current', 'net-start pair'];
  if (!random.chance(0.15)) return { isActive: true, commands: begin, files: { current } };
  return { isActive: true, commands: [...begin, 'net-define other'], files: { current, other: definition(random) } };
}

/** One pair, with what it is tried on. */
interface Case {
  readonly current: NetworkDocument;
  readonly desired: Network;
  readonly found: Found;
}

function caseFrom(random: Random): Case {
  const current = definition(random);
  return { current, desired: Network.from(desiredFrom(random, current)), found: foundFrom(random, current) };
}

const bridgeIn = (xml: string): string | undefined => /<bridge name='([^']*)'/.exec(xml)?.[1];
const isGentle = (step: PlanStep): boolean => step.effect !== 'restart';

/** How a pair ended. */
type Outcome = 'gentle' | 'pinged' | 'restarted';

/** The next pair whose wanted network the release takes. */
function possibleFrom(random: Random, libvirt: string): Case {
  const one = caseFrom(random);
  return one.desired.validate({ libvirt }).some(({ severity }) => severity === 'error')
    ? possibleFrom(random, libvirt)
    : one;
}

/** A daemon on which pairs are tried one after the other. */
class Place {
  readonly #release: Release;
  readonly #daemon: Daemon;
  readonly #host: Host;
  readonly #guest: PingingGuest;

  constructor(release: Release, transportTo: (daemon: Daemon) => Transport) {
    this.#release = release;
    this.#daemon = startDaemon(release);
    this.#host = connect(transportTo(this.#daemon));
    this.#guest = new PingingGuest(this.#daemon);
    // Networks of mode bridge name one of the host's.
    this.#daemon.inside('for i in $(seq 0 99); do ip link add br$i type bridge; done');
  }

  async stop(): Promise<void> {
    await this.#host.close();
    this.#daemon.stop();
  }

  /** Tries a pair, and leaves the daemon empty. */
  async try(one: Case): Promise<Outcome> {
    const bridge = bridgeIn(this.#prepare(one.found));
    const ip = one.current.ips?.find(({ family }) => family !== 'ipv6');
    const plugged = one.found.isActive && bridge !== undefined && ip !== undefined;
    try {
      if (!plugged) return await this.#reach(one);
      return await this.#reachWithGuest(one, bridge, ip.address);
    } finally {
      if (plugged) this.#guest.unplug('tap0');
      this.#clear();
    }
  }

  /** @returns the definition that runs, or that would */
  #prepare({ commands, files }: Found): string {
    if (commands.length === 0) return '';
    for (const [name, document] of Object.entries(files)) {
      const network = Network.from({ ...document, uuid: UUID });
      writeFileSync(`${this.#daemon.dir}/${name}`, network.toXml({ libvirt: this.#libvirt, check: false }));
    }
    const paths = commands.map((command) => command.replace(/(?<= )(?:current|other)$/, `${this.#daemon.dir}/$&`));
    return this.#daemon.askAll(...paths, 'net-dumpxml pair').at(-1) ?? '';
  }

  #clear(): void {
    const left = this.#daemon.ask('net-destroy pair; net-undefine pair; net-list --all --name');
    if (left.includes('pair')) throw new Error(`it cannot be cleared: ${left}`);
  }

  get #libvirt(): string {
    return `${this.#release}.0`;
  }

  #ensure(desired: Network) {
    const view = viewThrough(this.#daemon.enter);
    return this.#host.networks.ensure(desired, { running: true, restart: 'always', view, libvirt: this.#libvirt });
  }

  /** Both copies are as wanted, and then there is nothing to do. */
  async #reach({ desired }: Case): Promise<'gentle' | 'restarted'> {
    const { plan, changes } = await this.#ensure(desired);
    const text = formatPlan(plan);
    const wanted = linesOf(desired.toXml({ libvirt: this.#libvirt }), desired.document);
    const [live = '', stored = ''] = this.#daemon.askAll('net-dumpxml pair', 'net-dumpxml --inactive pair');
    expect(linesOf(live, desired.document), `live ${text}`).toBe(wanted);
    expect(linesOf(stored, desired.document), `stored ${text}`).toBe(wanted);
    expect(formatPlan((await this.#ensure(desired)).plan), text).toBe('pair: up to date');
    return changes.every(isGentle) ? 'gentle' : 'restarted';
  }

  async #reachWithGuest(one: Case, bridge: string, gateway: string): Promise<Outcome> {
    const address = `${gateway.replace(/1$/, '77')}/24`;
    const index = this.#guest.plug('tap0', bridge, address, gateway);
    if ((await this.#reach(one)) === 'gentle') {
      expect(this.#guest.look('tap0')).toMatchObject({ bridge, index, address, lost: [] });
      return 'pinged';
    }
    const now = bridgeIn(this.#daemon.ask('net-dumpxml', 'pair'));
    if (now !== undefined) expect(this.#guest.bridgeOf('tap0')).toBe(now);
    return 'restarted';
  }
}

describe.each(ONE_WAY_EACH)('ensure on a real daemon, libvirt $release over $way', ({ release, transportTo }) => {
  let place: Place;
  beforeAll(() => {
    place = new Place(release, transportTo);
  });
  afterAll(() => place.stop());

  it('any pair of networks: both copies are as wanted, then there is nothing to do, and guests stay', {
    timeout: runs(7_200_000, 600_000),
  }, async () => {
    const count = Math.ceil(runs(1500, 16) / 2);
    const random = announce(`pairs of networks on ${release}`, count);
    const outcomes = { gentle: 0, pinged: 0, restarted: 0 };
    const failures: string[] = [];
    for (let i = 0; i < count; i++) {
      const one = possibleFrom(random, `${release}.0`);
      try {
        outcomes[await place.try(one)]++;
      } catch (error) {
        failures.push(`${i}: ${JSON.stringify(one)}\n${String(error)}`);
      }
    }
    const { gentle, pinged, restarted } = outcomes;
    console.log(
      `${release}: ${gentle + pinged} without a restart (${pinged} with a guest that pinged), ${restarted} with one`,
    );
    expect(failures.join('\n\n')).toBe('');
    expect(pinged).toBeGreaterThan(0);
  });
});
