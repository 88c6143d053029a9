import { isLayer3 } from '../schema/network/canonical.js';
import type { NetworkDocument } from '../schema/network/network.js';
import { findInNetwork, type NetworkFindings } from '../schema/network/read.js';
import { runningNetwork } from '../schema/network/running.js';
import { RELEASE_10, releaseNumber } from '../schema/release.js';
import type { Found } from '../schema/rules/context.js';
import { libvirtRules } from '../schema/rules/index.js';
import { issueOf } from '../schema/rules/issue.js';
import type { Rule } from '../schema/rules/rule.js';
import { isRuleId, ruleOf } from '../schema/rules/table.js';
import type { Refusal as UpdateRefusal } from '../schema/update/refusal.js';
import type { UpdateCommand } from '../schema/update/request.js';
import type { UpdateSection } from '../schema/update/sections.js';
import { updateDefinition } from '../schema/update/update-network.js';
import { builtInFilters } from './built-in-filters.js';
import { refuseFields, refuseLineBreaks } from './line-breaks.js';
import { withoutGuests } from './ports.js';
import { invalid, Refusal } from './refusal.js';
import { checkRoutes } from './routes.js';
import { type Announcer, installedUuid, type MockNetwork, type MockState, madeMac, madeUuid } from './state.js';
import { firstParsed, libvirtWordsFor } from './words.js';

/**
 * The state machine of libvirt's network driver, on plain data: every method replaces the state as a whole, so that
 * a refusal leaves it as it was.
 */
export class MockDriver {
  state: MockState = {
    networks: new Map(),
    guests: new Map(),
    filters: new Map(),
    bindings: new Map(),
    made: 0,
    devices: 0,
  };
  readonly #release: string;
  readonly #seed: number;
  readonly announce: Announcer;

  constructor(release: string, seed: number, announce: Announcer) {
    this.#release = release;
    this.#seed = seed;
    this.announce = announce;
    this.state = { ...this.state, filters: installedFilters(release, seed) };
  }

  /** Tells whether events report changed definitions of guests. Assumed: 9.0 does not, 11.3 does. */
  get tellsOfUpdates(): boolean {
    return this.release >= RELEASE_10;
  }

  /** The release that it behaves as, as a number. */
  get release(): number {
    return releaseNumber(this.#release) ?? 0;
  }

  /** The network of a name or uuid. virsh and libvirt try the uuid first. */
  find(key: string): MockNetwork {
    const found =
      this.state.networks.get(key.toLowerCase()) ?? [...this.state.networks.values()].find(({ name }) => name === key);
    if (found !== undefined) return found;
    // virsh looks for the name last, so that the error always speaks of a name.
    throw new Refusal(`Network not found: no network with matching name '${key}'`);
  }

  define(xml: string): undefined {
    const document = this.#accept(xml);
    const old = this.state.networks.get(document.uuid ?? '');
    this.#put({ ...(old ?? fresh(document)), config: document });
    this.announce.network('defined', document.name);
  }

  create(xml: string): undefined {
    const document = this.#accept(xml);
    const old = this.state.networks.get(document.uuid ?? '');
    if (old?.live !== undefined) invalid(`network is already active as '${old.name}'`);
    try {
      this.#start({ ...(old ?? fresh(document)) }, document);
    } catch (error) {
      // libvirt forgets the network then, even one that is stored; its file is read again when the daemon starts.
      this.#drop(document.uuid ?? '');
      throw error;
    }
  }

  start(key: string): undefined {
    const network = this.find(key);
    const { config } = network;
    if (network.live !== undefined || config === undefined) return invalid('network is already active');
    this.#start(network, config);
  }

  #start(network: MockNetwork, document: NetworkDocument): void {
    const others = [...this.state.networks.values()].flatMap(({ live }) => live ?? []);
    if (isLayer3(document)) checkRoutes(document, others.filter(isLayer3));
    this.#judge(document, 'start');
    if (isLayer3(document)) refuseFields(document, this.release);
    this.#put({ ...network, live: runningNetwork(document) });
    this.announce.network('started', network.name);
  }

  destroy(key: string): undefined {
    const { live, ...network } = this.find(key);
    if (live === undefined) return invalid(`network '${network.name}' is not active`);
    if (network.config === undefined) this.#drop(network.uuid);
    else this.#put({ ...network, ports: [] });
    this.announce.network('stopped', network.name);
  }

  undefine(key: string): undefined {
    const { config, ...network } = this.find(key);
    if (config === undefined) return invalid("can't undefine transient network");
    if (network.live === undefined) this.#drop(network.uuid);
    else this.#put({ ...network, autostart: false });
    this.announce.network('undefined', network.name);
  }

  setAutostart(key: string, autostart: boolean): undefined {
    const network = this.find(key);
    if (network.config === undefined) invalid('cannot set autostart for transient network');
    this.#put({ ...network, autostart });
  }

  /** The definition as `net-dumpxml` gives it. */
  definition(key: string, inactive: boolean): NetworkDocument {
    const { live, config, name } = this.find(key);
    return (inactive ? (config ?? live) : (live ?? config)) ?? { name };
  }

  update(
    key: string,
    request: {
      readonly section: UpdateSection;
      readonly command: UpdateCommand;
      readonly xml: string;
      readonly parentIndex?: number | undefined;
    },
    copies: DriverInput,
  ): undefined {
    this.#change(key, copies, (document) => {
      const result = updateDefinition(document, request, this.#release);
      if ('document' in result) return withoutGuests(this.#withoutLineBreaks(result.document));
      throw new Refusal(describeRefusal(result.refusal, document.name, this.release));
    });
  }

  /** Changes title, description or metadata, of which libvirt tells. */
  annotate(key: string, copies: DriverInput, work: (document: NetworkDocument) => NetworkDocument): void {
    this.#change(key, copies, work);
    this.announce.network('metadata-changed', this.find(key).name);
  }

  /** Changes the copies that are asked for: none named means the running one, else the stored one. All or none. */
  #change(key: string, { live, config }: DriverInput, work: (document: NetworkDocument) => NetworkDocument): void {
    const network = this.find(key);
    const wantsLive = live || (!config && network.live !== undefined);
    const wantsConfig = config || (!live && network.live === undefined);
    if (wantsLive && network.live === undefined) invalid('network is not running');
    if (wantsConfig && network.config === undefined) invalid('cannot change persistent config of a transient network');
    this.#put({
      ...network,
      ...(wantsLive && network.live !== undefined ? { live: work(network.live) } : {}),
      ...(wantsConfig && network.config !== undefined ? { config: work(network.config) } : {}),
    });
  }

  /** Replaces a network's record; for what tests put in from outside. */
  put(network: MockNetwork): void {
    this.#put(network);
  }

  #put(network: MockNetwork): void {
    this.state = { ...this.state, networks: new Map(this.state.networks).set(network.uuid, network) };
  }

  #drop(uuid: string): void {
    const networks = new Map(this.state.networks);
    networks.delete(uuid);
    this.state = { ...this.state, networks };
  }

  /** Reads and checks a definition in libvirt's order, and gives it what libvirt adds: uuid, bridge name and MAC address. */
  #accept(xml: string): NetworkDocument {
    const read = this.#read(xml);
    this.#judge(read, 'define');
    const document = isLayer3(read) ? this.#withDevice(read) : read;
    const byName = [...this.state.networks.values()].find(({ name }) => name === document.name);
    const uuid = document.uuid ?? this.makeUuid();
    const byUuid = this.state.networks.get(uuid);
    if (byUuid !== undefined && byUuid.name !== document.name)
      throw new Refusal(`operation failed: network '${byUuid.name}' is already defined with uuid ${uuid}`);
    if (byName !== undefined && byName.uuid !== uuid)
      throw new Refusal(`operation failed: network '${document.name}' already exists with uuid ${byName.uuid}`);
    return { ...document, uuid };
  }

  /** Refuses what breaks a rule of libvirt's driver. */
  #judge(document: NetworkDocument, phase: 'define' | 'start'): void {
    const found = libvirtRules(document, this.release).find(({ rule }) => ruleOf(rule).phase === phase);
    if (found !== undefined) throw this.#refusal(found, document.name);
  }

  #read(xml: string): NetworkDocument {
    const { document, found } = this.#find(xml);
    refuseLineBreaks(found, this.release);
    const first = firstParsed(found.filter(({ rule }) => isRefused(ruleOf(rule))));
    if (first === undefined) return document;
    throw this.#refusal(first, document.name);
  }

  /** The document, unless libvirt's parser refuses it for a line break. */
  #withoutLineBreaks(document: NetworkDocument): NetworkDocument {
    refuseLineBreaks(libvirtRules(document, this.release), this.release);
    return document;
  }

  #find(xml: string): NetworkFindings {
    try {
      return findInNetwork(xml, { libvirt: this.#release });
    } catch (error) {
      if (error instanceof Error) throw new Refusal(`at ${error.message}`, { cause: error });
      throw error;
    }
  }

  #refusal(found: Found, network: string): Refusal {
    return new Refusal(libvirtWordsFor(found, network, issueOf(found).message, this.release));
  }

  #withDevice(document: NetworkDocument): NetworkDocument {
    const networks = [...this.state.networks.values()];
    const taken = new Set(
      networks
        .filter(({ name }) => name !== document.name)
        .flatMap(({ live, config }) => [live?.bridge?.name, config?.bridge?.name]),
    );
    const devices = networks.flatMap(({ live }) => (live !== undefined && isLayer3(live) ? [live.bridge?.name] : []));
    const wanted = document.bridge?.name;
    if (wanted !== undefined && !wanted.includes('%d') && taken.has(wanted))
      throw new Refusal(`internal error: bridge name '${wanted}' already in use.`);
    const address = document.mac?.address ?? madeMac(this.#seed, this.#next());
    return {
      ...document,
      bridge: { ...document.bridge, name: freeName(wanted, new Set([...taken, ...devices])) },
      mac: { ...document.mac, address },
    };
  }

  /** Generates a uuid. */
  makeUuid(): string {
    return madeUuid(this.#seed, this.#next());
  }

  /** Generates a MAC address. */
  makeMac(): string {
    return madeMac(this.#seed, this.#next());
  }

  /** The number of the next device of a guest. */
  nextDevice(): number {
    const { devices } = this.state;
    this.state = { ...this.state, devices: devices + 1 };
    return devices;
  }

  #next(): number {
    const made = this.state.made + 1;
    this.state = { ...this.state, made };
    return made;
  }
}

/** The filters that are there from the beginning. */
const installedFilters = (release: string, seed: number): MockState['filters'] =>
  new Map(
    builtInFilters(release).map((filter, i) => {
      const uuid = installedUuid(seed, i);
      return [uuid, { ...filter, uuid }];
    }),
  );

/** Which copies a change is for. */
export interface DriverInput {
  readonly live: boolean;
  readonly config: boolean;
}

const MOST_BRIDGES = 256;

function freeName(wanted: string | undefined, taken: ReadonlySet<string | undefined>): string {
  if (wanted !== undefined && !wanted.includes('%d')) return wanted;
  const template = wanted ?? 'virbr%d';
  for (let id = 0; id <= MOST_BRIDGES; id++) {
    const name = template.replace('%d', String(id));
    if (!taken.has(name)) return name;
  }
  throw new Refusal(`internal error: Bridge generation exceeded max id ${MOST_BRIDGES}`);
}

const fresh = ({ name, uuid = '' }: NetworkDocument): MockNetwork => ({
  name,
  uuid,
  autostart: false,
  leases: [],
  ports: [],
});

/** Tells whether libvirt's parser refuses what breaks a rule. */
const isRefused = ({ phase, severity }: Rule): boolean => phase === 'parse' && severity === undefined;

/** libvirt's words for an update that it refuses. */
function describeRefusal({ id, code, message, params = {} }: UpdateRefusal, network: string, release: number): string {
  if (code === 'RULE') return isRuleId(id) ? libvirtWordsFor({ rule: id, params }, network, message, release) : message;
  const prefix = {
    OPERATION_INVALID: 'Requested operation is not valid: ',
    OPERATION_UNSUPPORTED: 'Operation not supported: ',
    XML_ERROR: 'XML error: ',
    XML_DETAIL: '',
  };
  return prefix[code] + message;
}
