import { macOf } from '../client/guests/attached-nic.js';
import { attributeOf, childOf, withChild, withElement, withoutChild } from '../client/guests/nic-element.js';
import type { GuestDeviceInput, GuestEvent } from '../transport/guest-operations.js';
import type { XmlElement } from '../xml/node.js';
import type { MockDriver } from './driver.js';
import { expectGuest, uuidOf } from './guest-arguments.js';
import { bindFilter, filterOf, missingFilter, unbindFilter } from './guest-filters.js';
import { plugIn, unplug } from './guest-plug.js';
import {
  pciOf,
  refuseAlias,
  refuseBeside,
  refuseBoot,
  refuseHotPlug,
  refuseOtherCard,
  refusePlace,
  refuseRom,
  refuseScript,
} from './guest-refusals.js';
import { type MockGuest, type MockGuestOptions, readNic } from './guest-state.js';
import { invalid, Refusal } from './refusal.js';

/** The NICs of one copy before a change, and after it. */
type Change = (nics: readonly XmlElement[]) => readonly XmlElement[];

/** The state machine of libvirt's qemu driver for NICs of guests: a refusal leaves everything as it was. */
export class MockGuests {
  readonly #driver: MockDriver;

  constructor(driver: MockDriver) {
    this.#driver = driver;
  }

  get all(): readonly MockGuest[] {
    return [...this.#driver.state.guests.values()];
  }

  /** The guest of a uuid or name. */
  find(key: string): MockGuest {
    const found = this.#driver.state.guests.get(key.toLowerCase()) ?? this.all.find(({ name }) => name === key);
    if (found !== undefined) return found;
    throw new Refusal(`Domain not found: no domain with matching name '${key}'`);
  }

  /** Puts a guest in, running or stored or both. */
  add(options: MockGuestOptions): void {
    expectGuest(options, this.all);
    this.#allOrNothing(() => this.#add(options));
    const { name, active = true, persistent = true } = options;
    if (persistent) this.#announce({ type: 'defined', guest: name });
    if (active) this.#announce({ type: 'started', guest: name });
  }

  #announce(event: Omit<GuestEvent, 'at'>): void {
    this.#driver.announce.guest(event);
  }

  #add({ name, uuid, nics = [], active = true, persistent = true, holdsNics = false }: MockGuestOptions): void {
    const stored = nics.map((nic) => this.#stored(readNic(typeof nic === 'string' ? nic : nic.toXml())));
    for (const [i, nic] of stored.entries()) refuseBeside(nic, stored.slice(0, i));
    const guest = {
      name,
      uuid: uuidOf(uuid) ?? this.#driver.makeUuid(),
      holdsNics,
      ...(persistent ? { config: stored } : {}),
    };
    this.#put(guest);
    if (active) this.#put({ ...guest, live: this.#started(guest, stored) });
  }

  attach(input: GuestDeviceInput): undefined {
    const guest = this.find(input.guest);
    const nic = this.#stored(readNic(input.xml));
    this.#change(guest, input, {
      config: (nics) => {
        refuseBoot(nic, nics);
        refuseBeside(nic, nics);
        return [...nics, nic];
      },
      live: (nics) => {
        refuseBoot(nic, nics);
        refuseHotPlug(nic);
        const plugged = this.#plugged(guest, nic, nics);
        refuseRom(nic);
        return [...nics, plugged];
      },
    });
  }

  detach(input: GuestDeviceInput): undefined {
    const guest = this.find(input.guest);
    const wanted = readNic(input.xml);
    this.#change(guest, input, {
      config: (nics) => without(nics, found(nics, wanted)),
      live: (nics) => {
        const nic = found(nics, wanted);
        if (guest.holdsNics) return nics;
        unplug(this.#driver, nic);
        unbindFilter(this.#driver, deviceOf(nic));
        return without(nics, nic);
      },
    });
  }

  update(input: GuestDeviceInput): undefined {
    const guest = this.find(input.guest);
    const wanted = readNic(input.xml);
    this.#change(guest, input, {
      config: (nics) => {
        const old = found(nics, wanted);
        refuseBoot(wanted, nics);
        refuseBeside(wanted, without(nics, old));
        return replaced(nics, old, inPlaceOf(old, this.#stored(wanted)));
      },
      live: (nics) => {
        const old = found(nics, wanted);
        refuseBoot(wanted, nics);
        return replaced(nics, old, this.#moved(guest, old, wanted));
      },
    });
  }

  /** Changes the copies that are asked for: none named means the live one, else the stored one. All or none. */
  #change(
    guest: MockGuest,
    { live, config }: GuestDeviceInput,
    change: { readonly live: Change; readonly config: Change },
  ) {
    const wantsLive = live || (!config && guest.live !== undefined);
    const wantsConfig = config || (!live && guest.live === undefined);
    if (wantsLive && guest.live === undefined) invalid('domain is not running');
    if (wantsConfig && guest.config === undefined) invalid('transient domains do not have any persistent config');
    this.#allOrNothing(() => {
      const config2 = wantsConfig && guest.config !== undefined ? { config: change.config(guest.config) } : {};
      const live2 = wantsLive && guest.live !== undefined ? { live: change.live(guest.live) } : {};
      this.#put({ ...guest, ...config2, ...live2 });
    });
    this.#announceDevices(guest, this.find(guest.uuid));
    if (wantsConfig && this.#driver.tellsOfUpdates) this.#announce({ type: 'defined', guest: guest.name });
  }

  #announceDevices({ name: guest, live: before = [] }: MockGuest, { live: after = [] }: MockGuest): void {
    const [old, now] = [before, after].map((nics) => new Set(nics.map(aliasOf)));
    const missing = (from: ReadonlySet<string> = new Set(), of: ReadonlySet<string> = new Set()) =>
      [...of].filter((alias) => !from.has(alias));
    for (const device of missing(now, old)) this.#announce({ type: 'device-removed', guest, device });
    for (const device of missing(old, now)) this.#announce({ type: 'device-added', guest, device });
  }

  /** Does work whose refusal leaves the state as it was. */
  #allOrNothing(work: () => void): void {
    const before = this.#driver.state;
    try {
      work();
    } catch (error) {
      this.#driver.state = before;
      throw error;
    }
  }

  #put(guest: MockGuest): void {
    const { state } = this.#driver;
    this.#driver.state = { ...state, guests: new Map(state.guests).set(guest.uuid, guest) };
  }

  /** A NIC as the stored definition has it: with a MAC address and a model, without what only a running guest has. */
  #stored(nic: XmlElement): XmlElement {
    const mac = macOf(nic) ?? this.#driver.makeMac();
    const named = withChild(nic, 'mac', { address: mac });
    const modelled = childOf(named, 'model') === undefined ? withChild(named, 'model', { type: 'rtl8139' }) : named;
    const bare = withoutForeign(modelled);
    const target = attributeOf(bare, 'target', 'dev') ?? '';
    const free = /^vnet\d/.test(target) ? withoutChild(bare, 'target') : bare;
    return (attributeOf(free, 'alias', 'name') ?? 'ua-').startsWith('ua-') ? free : withoutChild(free, 'alias');
  }

  #started(guest: MockGuest, stored: readonly XmlElement[]): readonly XmlElement[] {
    let live: readonly XmlElement[] = [];
    for (const nic of stored) live = [...live, this.#plugged(guest, nic, live)];
    return live;
  }

  /** A NIC in a running guest. What is refused is looked at in libvirt's order. */
  #plugged(guest: MockGuest, nic: XmlElement, nics: readonly XmlElement[]): XmlElement {
    refuseAlias(nic, nics);
    const alias = attributeOf(nic, 'alias', 'name') ?? freeAlias(nics);
    const device = `vnet${this.#driver.nextDevice()}`;
    const wired = plugIn(this.#driver, guest, nic, device);
    refuseScript(nic);
    refusePlace(nic, nics);
    const wanted = attributeOf(nic, 'target', 'dev');
    if (wanted !== undefined && nics.some((one) => deviceOf(one) === wanted))
      invalid(`The ${wanted} interface already exists`);
    const named = withChild(wired, 'target', { dev: wanted ?? device });
    bindFilter(this.#driver, guest, named);
    return withChild(named, 'alias', { name: alias });
  }

  /** A live NIC after an update. */
  #moved(guest: MockGuest, old: XmlElement, wanted: XmlElement): XmlElement {
    // libvirt has made an address for it while reading.
    if (macOf(wanted) === undefined)
      throw new Refusal(
        `Operation not supported: cannot change network interface mac address from ${macOf(old)} to ${this.#driver.makeMac()}`,
      );
    const model = attributeOf(wanted, 'model', 'type');
    const before = attributeOf(old, 'model', 'type');
    const [from, to] = [old.attributes['type'] ?? '', wanted.attributes['type'] ?? ''];
    if (!isInPlace(old, wanted) && (!CHANGEABLE.has(to) || !CHANGEABLE.has(from)))
      throw new Refusal(
        `Operation not supported: unable to change config on '${CHANGEABLE.has(to) ? from : to}' network type`,
      );
    if ((model ?? 'rtl8139') !== before)
      throw new Refusal(
        `Operation not supported: cannot modify network device model from ${before ?? '<null>'} to ${model ?? 'rtl8139'}`,
      );
    refuseOtherCard(old, wanted, this.#driver.release);
    const device = attributeOf(old, 'target', 'dev') ?? '';
    const modelled = withChild(wanted, 'model', { type: model ?? 'rtl8139' });
    const named = withChild(withChild(modelled, 'target', { dev: device }), 'alias', {
      name: attributeOf(old, 'alias', 'name'),
    });
    const kept = inPlaceOf(old, named);
    const wired = plugIn(this.#driver, guest, kept, device);
    unplug(this.#driver, old, wired);
    this.#refilter(guest, wired);
    return wired;
  }

  /** Puts the filter of a changed NIC in force. */
  #refilter(guest: MockGuest, nic: XmlElement): void {
    const filter = filterOf(nic);
    if (filter !== undefined && missingFilter(this.#driver, filter) !== undefined)
      throw new Refusal(
        `operation failed: failed to add new filter rules to '${deviceOf(nic)}' - attempting to restore old rules`,
      );
    bindFilter(this.#driver, guest, nic);
  }
}

/** A changed NIC on the place of the old one on the guest's bus. */
function inPlaceOf(old: XmlElement, made: XmlElement): XmlElement {
  const place = childOf(old, 'address');
  return place === undefined ? made : withElement(made, place);
}

/** Types whose live NIC libvirt can change. */
const CHANGEABLE: ReadonlySet<string> = new Set(['network', 'bridge']);

/** Tells whether a NIC stays where it is plugged in, so that only what the guest sees of it changes. */
function isInPlace(old: XmlElement, wanted: XmlElement): boolean {
  const [before, after] = [old, wanted].map((nic) => attributeOf(nic, 'source', 'network'));
  if (before !== undefined) return before === after;
  const isSameType = old.attributes['type'] === wanted.attributes['type'];
  return isSameType && attributeOf(old, 'source', 'dev') === attributeOf(wanted, 'source', 'dev');
}

function freeAlias(nics: readonly XmlElement[]): string {
  const taken = new Set(nics.map((nic) => attributeOf(nic, 'alias', 'name')));
  for (let i = 0; ; i++) if (!taken.has(`net${i}`)) return `net${i}`;
}

const deviceOf = (nic: XmlElement): string => attributeOf(nic, 'target', 'dev') ?? '';
const aliasOf = (nic: XmlElement): string => attributeOf(nic, 'alias', 'name') ?? '';

/** The NIC that a document means: libvirt looks at the MAC address, the place on the bus and the alias alone. */
function found(nics: readonly XmlElement[], wanted: XmlElement): XmlElement {
  const [mac, pci, alias] = [macOf(wanted), pciOf(wanted), attributeOf(wanted, 'alias', 'name')];
  const isMeant = (nic: XmlElement): boolean => {
    const own = attributeOf(nic, 'alias', 'name');
    if (pci !== undefined && pciOf(nic) !== pci) return false;
    return (mac === undefined || macOf(nic) === mac) && (alias === undefined || own === undefined || own === alias);
  };
  const [nic, ...others] = nics.filter(isMeant);
  if (others.length > 0)
    throw new Refusal(
      `operation failed: multiple ${mac === undefined ? 'matching devices' : `devices matching MAC address ${mac}`} found`,
    );
  if (nic !== undefined) return nic;
  throw new Refusal(
    `device not found: no device found at address '${pci ?? '(<null>)'}' matching MAC address '${mac ?? '(<null>)'}' and alias '${alias ?? '(<null>)'}'`,
  );
}

/** Parts of a source that libvirt reads of a type alone: those of others are lost. */
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  network: ['portid', 'bridge', 'dev', 'mode'],
  bridge: ['portid', 'network', 'portgroup', 'dev', 'mode'],
  direct: ['portid', 'network', 'portgroup', 'bridge'],
};

function withoutForeign(nic: XmlElement): XmlElement {
  const foreign = FOREIGN[nic.attributes['type'] ?? ''];
  if (foreign === undefined || childOf(nic, 'source') === undefined) return nic;
  return withChild(nic, 'source', Object.fromEntries(foreign.map((name) => [name, undefined])));
}

const without = (nics: readonly XmlElement[], gone: XmlElement) => nics.filter((nic) => nic !== gone);

const replaced = (nics: readonly XmlElement[], old: XmlElement, made: XmlElement) =>
  nics.map((nic) => (nic === old ? made : nic));
