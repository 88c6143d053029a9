import { type Issue, ValidationError } from '../errors/index.js';
import { expectNumber, expectObject, expectText, expectTexts, itemsOf, putItem } from '../model/argument.js';
import { type Change, differences } from '../model/diff.js';
import { frozenCopy } from '../model/frozen.js';
import { BridgeNic } from '../model/guest-nic/host-nics.js';
import type { SwitchedNicOptions } from '../model/guest-nic/options.js';
import { BridgedNetwork } from '../model/kinds/bridged-networks.js';
import { itemsWithout, objectWith } from '../model/without.js';
import { type OptionNames, optionsOf, readable } from '../options/options.js';
import { familyOf } from './address.js';
import { expectHostNetwork, shownName } from './arguments.js';
import { normalizedBridge } from './canonical.js';
import { checkHostBridge } from './check/index.js';
import type {
  BondPort,
  BridgeMac,
  BridgePort,
  BridgePortOptions,
  BridgeRoute,
  HostBridgeDocument,
  NicPort,
  SpanningTree,
  VlanFiltering,
  VlanPort,
  VxlanPort,
} from './document.js';
import { type HostNetworkReading, takenOver } from './network/host-network.js';
import { renderDocument } from './render/render-host-bridge.js';
import { RENDER_OPTIONS, type RenderOptions } from './render/render-options.js';
import type { BackendName, Rendering } from './render/rendering.js';
import { mtuOfVxlan, USUAL_MTU } from './vxlan.js';

/** Properties of a VXLAN port beside its id. */
export interface VxlanPortOptions extends Omit<VxlanPort, 'type' | 'name' | 'id'>, BridgePortOptions {
  /** Device name. Default: `vxlan` and the id. */
  readonly name?: string;
}

/** Options of {@link HostBridge.vlanPort}: what the VLAN is of, and the bridge's options for it. */
export interface VlanPortOptions extends BridgePortOptions {
  /** Device name. Default: the parent's name, a dot and the id. */
  readonly name?: string;
  /** Largest packet in bytes. */
  readonly mtu?: number;
}

/** Options of {@link HostBridge.takeOver}. */
export interface TakeOverOptions {
  /** Name of the bridge. Default: the first of `br0`, `br1` ... that the files do not use. */
  readonly name?: string | undefined;
  /**
   * By what DHCP servers know the bridge. Default: what the files say of the device. A server gives it the address of the
   * device only if it knows both by the same: a rendering warns with `HOST_LEASE` where it does not.
   */
  readonly clientId?: 'mac' | 'duid' | undefined;
}

const { backend: _, ...OTHER_RENDER_OPTIONS } = RENDER_OPTIONS;
const TAKE_OVER_OPTIONS: OptionNames<TakeOverOptions> = { name: true, clientId: true };
const DHCP_OPTIONS = { clientId: true } as const;

/**
 * A bridge device on the physical host, with cards, bonds or VLANs as its ports: guests on it are on the same LAN as
 * the host. A value like a network: it never changes, every method gives a new one, and it knows nothing of hosts.
 * Methods accept anything; {@link HostBridge.validate} lists what is wrong, and rendering refuses it.
 *
 * @example
 * ```ts
 * const lan = HostBridge.create('br0').port('eno1').dhcp4();
 * const { files } = lan.render('netplan', { macs: { eno1: '52:54:00:12:34:56' } });
 * ```
 */
export class HostBridge {
  /** The bridge as plain data, deeply frozen. */
  readonly document: HostBridgeDocument;
  /** The files that a rendering edits. */
  readonly #host: HostNetworkReading | undefined;

  private constructor(document: HostBridgeDocument, host?: HostNetworkReading) {
    this.document = frozenCopy(document);
    this.#host = host;
  }

  /**
   * Begins a bridge without ports and addresses, with the spanning tree off.
   *
   * @param name - device name, at most 15 bytes
   */
  static create(name: string): HostBridge {
    return new HostBridge({ name });
  }

  /**
   * The bridge for plain data. Checks nothing.
   *
   * @param document - is copied
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is not an object, or holds itself
   */
  static from(document: HostBridgeDocument): HostBridge {
    expectObject(document, 'HostBridge.from');
    return new HostBridge(document);
  }

  /**
   * A bridge in place of a device of a host: the device becomes its port, and the bridge takes over all of its addresses,
   * routes and name servers. {@link HostBridge.render} for the system of the host then returns the host's own files,
   * edited. For a device that is in a bridge already it is that bridge.
   *
   * @param device - a card, a bond or a VLAN
   * @param network - the network of the host, as `readHostNetwork` reads it
   * @param options - the name of the bridge, and by what DHCP servers know it
   * @throws {@link LibvirtError} code `NOT_FOUND` when there is no such device, `INVALID_ARGUMENT` when it is a bridge or
   *   in a bond, or is in a bridge of another name
   */
  static takeOver(device: string, network: HostNetworkReading, options: TakeOverOptions = {}): HostBridge {
    expectText(device, 'HostBridge.takeOver', 'the name of a device');
    expectHostNetwork(network, 'HostBridge.takeOver');
    const { name, clientId } = optionsOf(options, TAKE_OVER_OPTIONS, 'takeOver');
    if (name !== undefined) expectText(name, 'HostBridge.takeOver', 'the name of the bridge');
    const bridge = new HostBridge(takenOver(device, network, name), network);
    return clientId === undefined ? bridge : bridge.with({ ipv4: { ...bridge.document.ipv4, clientId } });
  }

  /** The device name. */
  get name(): string {
    return this.document.name;
  }

  /**
   * The same bridge with some properties replaced. A property that is `undefined` is taken away.
   *
   * @param patch - top-level properties of the document
   */
  with(patch: { readonly [K in keyof HostBridgeDocument]?: HostBridgeDocument[K] | undefined }): HostBridge {
    const document: HostBridgeDocument = Object.assign({}, this.document, readOnce(patch, 'HostBridge.with'));
    return new HostBridge(document, this.#host);
  }

  /** The same bridge under another device name. */
  named(name: string): HostBridge {
    return this.with({ name });
  }

  /**
   * Puts a network card on the bridge, or changes it there. Its addresses move to the bridge: it has none itself.
   *
   * @param name - device name such as `eno1`
   * @param options - its MTU, and what the bridge does with it
   */
  port(name: string, options: BridgePortOptions & Pick<NicPort, 'mtu'> = {}): HostBridge {
    expectText(name, 'HostBridge.port', 'the name of a card');
    return this.#withPort({ type: 'nic', name, ...readOnce(options, 'HostBridge.port') });
  }

  /**
   * Puts a bond of several cards on the bridge, or changes it there.
   *
   * @param name - device name such as `bond0`
   * @param options - its cards and mode, and what the bridge does with it
   */
  bond(name: string, options: Omit<BondPort, 'type' | 'name'> & BridgePortOptions): HostBridge {
    expectText(name, 'HostBridge.bond', 'the name of a bond');
    return this.#withPort({ type: 'bond', name, ...readOnce(options, 'HostBridge.bond') });
  }

  /**
   * Puts one VLAN of a card or a bond on the bridge, or changes it there. For several VLANs make as many bridges, or
   * one with {@link HostBridge.vlanFiltering}.
   *
   * @param parent - the name of a card, or a bond
   * @param id - VLAN id, 1 to 4094
   * @param options - its name and MTU, and what the bridge does with it
   */
  vlanPort(parent: string | NicPort | BondPort, id: number, options: VlanPortOptions = {}): HostBridge {
    const below: NicPort | BondPort =
      typeof parent === 'string' ? { type: 'nic', name: parent } : readOnce(parent, 'HostBridge.vlanPort');
    expectText(below.name, 'HostBridge.vlanPort', 'the name of the parent');
    expectNumber(id, 'HostBridge.vlanPort', 'the VLAN id');
    const vlan: VlanPort = { type: 'vlan', name: `${below.name}.${id}`, id, parent: below };
    return this.#withPort({ ...vlan, ...readOnce(options, 'HostBridge.vlanPort') });
  }

  /**
   * Joins the bridge with bridges of other hosts by a VXLAN, or changes it there: their guests are on one LAN. With two or
   * three hosts that is all they need; each names all others. Packets are not encrypted.
   *
   * @param id - VXLAN network identifier, 0 to 16777215; the same on all hosts
   * @param options - the other hosts, its name, and what the bridge does with it. Default name: `vxlan` and the id
   *
   * @example
   * ```ts
   * HostBridge.create('br-lab').vxlan(42, { local: '10.0.0.1', remotes: ['10.0.0.2', '10.0.0.3'] });
   * ```
   */
  vxlan(id: number, options: VxlanPortOptions): HostBridge {
    expectNumber(id, 'HostBridge.vxlan', 'the VXLAN id');
    return this.#withPort({ type: 'vxlan', name: `vxlan${id}`, id, ...readOnce(options, 'HostBridge.vxlan') });
  }

  /**
   * Takes a port off the bridge.
   *
   * @param name - device name; nothing happens when there is none
   */
  withoutPort(name: string): HostBridge {
    return this.with({ ports: this.#ports().filter((port) => port?.name !== name) });
  }

  #ports(): readonly BridgePort[] {
    return itemsOf(this.document.ports);
  }

  #withPort(port: BridgePort): HostBridge {
    return this.with({ ports: putItem(this.document.ports, port, (other) => other?.name === port.name) });
  }

  /**
   * Asks a DHCP server for an IPv4 address, beside any fixed ones.
   *
   * @param options - by what the server knows the host
   */
  dhcp4(options: { readonly clientId?: 'mac' | 'duid' } = {}): HostBridge {
    return this.with({ ipv4: { ...this.document.ipv4, auto: 'dhcp', ...optionsOf(options, DHCP_OPTIONS, 'dhcp4') } });
  }

  /** Asks a DHCP server for an IPv6 address, beside any fixed ones; routes come from router advertisements. */
  dhcp6(): HostBridge {
    return this.with({ ipv6: { ...this.document.ipv6, auto: 'dhcp' } });
  }

  /** Takes IPv6 addresses and routes from router advertisements, beside any fixed addresses. */
  slaac(): HostBridge {
    return this.with({ ipv6: { ...this.document.ipv6, auto: 'slaac' } });
  }

  /**
   * Gives the host a fixed address on the bridge.
   *
   * @param cidr - IPv4 or IPv6 address with its prefix, such as `192.168.1.10/24`
   */
  address(cidr: string): HostBridge {
    expectText(cidr, 'HostBridge.address', 'an address with its prefix');
    const family = familyOf(cidr);
    const setup = this.document[family];
    return this.with({ [family]: { ...setup, addresses: [...itemsOf(setup?.addresses), cidr] } });
  }

  /**
   * Takes a fixed address off the bridge.
   *
   * @param cidr - as it was given; nothing happens when there is none
   */
  withoutAddress(cidr: string): HostBridge {
    expectText(cidr, 'HostBridge.withoutAddress', 'an address with its prefix');
    const family = familyOf(cidr);
    const addresses = itemsWithout(this.document[family]?.addresses, (one) => one === cidr);
    return this.with({ [family]: objectWith(this.document[family], 'addresses', addresses) });
  }

  /**
   * Takes routes away.
   *
   * @param to - their destination as it was given; nothing happens when there are none
   */
  withoutRoute(to: string): HostBridge {
    return this.with({ routes: itemsWithout(this.document.routes, (route) => route.to === to) });
  }

  /**
   * Names the router for all other networks.
   *
   * @param address - IPv4 or IPv6 address in the subnet of one of the host's own
   */
  gateway(address: string): HostBridge {
    expectText(address, 'HostBridge.gateway', 'an address');
    const family = familyOf(address);
    return this.with({ [family]: { ...this.document[family], gateway: address } });
  }

  /**
   * Adds name servers.
   *
   * @param servers - addresses of the servers, the preferred one first
   * @param search - domains that are appended to short names
   */
  dns(servers: readonly string[], search: readonly string[] = []): HostBridge {
    expectTexts(servers, 'HostBridge.dns', 'servers');
    expectTexts(search, 'HostBridge.dns', 'search domains');
    const { dns } = this.document;
    return this.with({
      dns: { servers: [...itemsOf(dns?.servers), ...servers], search: [...itemsOf(dns?.search), ...search] },
    });
  }

  /**
   * Adds a route over the bridge.
   *
   * @param to - the network that it leads to, such as `10.8.0.0/16`
   * @param options - the router, metric and table
   */
  route(to: string, options: Omit<BridgeRoute, 'to'> = {}): HostBridge {
    expectText(to, 'HostBridge.route', 'a network');
    return this.with({ routes: [...itemsOf(this.document.routes), { to, ...readOnce(options, 'HostBridge.route') }] });
  }

  /**
   * Sets the largest packet of the bridge and its ports.
   *
   * @param bytes - 68 to 65535
   */
  mtu(bytes: number): HostBridge {
    return this.with({ mtu: bytes });
  }

  /**
   * Sets the MAC address.
   *
   * @param mac - one of its own; `{ copyFrom: 'eno1' }` for that of a port; `kernel` for the lowest one of all ports
   */
  mac(mac: BridgeMac): HostBridge {
    return this.with({ mac });
  }

  /**
   * Switches the spanning tree on or off. When on, a new port is silent for two forward delays.
   *
   * @param stp - `true`, `false`, or times in seconds and a priority, which switch it on
   */
  stp(stp: boolean | Omit<SpanningTree, 'enabled'>): HostBridge {
    return this.with({
      stp: typeof stp === 'boolean' ? { enabled: stp } : { enabled: true, ...readOnce(stp, 'HostBridge.stp') },
    });
  }

  /**
   * Sets after how long the place of a silent MAC address is forgotten.
   *
   * @param seconds - in steps of 0.01; 0 turns the bridge into a hub
   */
  ageing(seconds: number): HostBridge {
    return this.with({ ageingTime: seconds });
  }

  /** Sends multicast only to where somebody asked for it. Default: true, as the kernel does. */
  multicastSnooping(enabled = true): HostBridge {
    return this.with({ multicastSnooping: enabled });
  }

  /**
   * Has the bridge filter VLANs itself. Ports say which ones are theirs.
   *
   * @param options - the VLAN of untagged frames, and the VLANs of the host's own place on the bridge
   */
  vlanFiltering(options: VlanFiltering = {}): HostBridge {
    return this.with({ vlanFiltering: options });
  }

  /** Makes the bridge when the host starts. Default: true. */
  autostart(enabled = true): HostBridge {
    return this.with({ autostart: enabled });
  }

  /**
   * Lists everything that is wrong, whatever system the bridge is meant for, and what is probably not as meant.
   * {@link HostBridge.render} tells what a particular system cannot express.
   */
  validate(): readonly Issue[] {
    return checkHostBridge(this.document);
  }

  /**
   * Tells whether the two mean the same: defaults and the spelling of addresses do not count.
   *
   * @throws {@link ValidationError} when one of the two has errors
   */
  equals(other: HostBridge): boolean {
    return this.diff(other).length === 0;
  }

  /**
   * Lists what must change to get from this bridge to another.
   *
   * @throws {@link ValidationError} when one of the two has errors
   */
  diff(other: HostBridge): readonly Change[] {
    expectObject(other?.document, 'HostBridge.diff');
    return differences(comparable(this), comparable(HostBridge.from(other.document)));
  }

  /** The bridge as plain data. */
  toJSON(): HostBridgeDocument {
    return this.document;
  }

  /** The class and the device name: `HostBridge br0`. */
  toString(): string {
    return `HostBridge ${shownName(this.document)}`;
  }

  /**
   * The libvirt network that offers the bridge to guests.
   *
   * @param name - name of the network, unique on the host
   */
  toNetwork(name: string): BridgedNetwork {
    return BridgedNetwork.create({ name, bridge: this.name });
  }

  /**
   * Returns a guest's NIC on the bridge, without a libvirt network in between: what goes into a domain's `<devices>`.
   *
   * @param options - MAC address, model and the like. Default `mtu` on a bridge with a VXLAN: what the VXLAN carries
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the options are not an object or have unknown ones
   */
  guestNic(options: SwitchedNicOptions = {}): BridgeNic {
    const nic = BridgeNic.create(this.name, options);
    const room = this.#roomForGuests();
    return room === undefined || nic.document.mtu !== undefined ? nic : nic.withMtu(room);
  }

  /** The largest packet of guests where a VXLAN has less room than guests take for granted: nothing tells them. */
  #roomForGuests(): number | undefined {
    const { mtu } = this.document;
    const sizes = this.#ports().flatMap((port) => (port?.type === 'vxlan' ? [mtuOfVxlan(port, mtu)] : []));
    if (sizes.length === 0) return undefined;
    const least = sizes.reduce((a, b) => Math.min(a, b), mtu ?? USUAL_MTU);
    return least < USUAL_MTU ? least : undefined;
  }

  /**
   * Writes the bridge in the words of one host network system.
   *
   * @param backend - the system
   * @param options - what it needs to know beside the bridge
   * @throws what `renderHostBridge` does
   */
  render(backend: BackendName, options: Omit<RenderOptions, 'backend'> = {}): Rendering {
    const host = this.#host === undefined ? {} : { host: this.#host };
    const known = optionsOf(options, OTHER_RENDER_OPTIONS, 'render');
    return renderDocument(this.document, { ...host, ...known, backend });
  }
}

function comparable(bridge: HostBridge): object {
  const errors = bridge.validate().filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ValidationError(`host bridge "${shownName(bridge.document)}"`, errors);
  return normalizedBridge(bridge.document);
}

/** A plain copy of an object of the caller's, each property read once. */
function readOnce<T extends object>(given: T, call: string): T {
  return readable(call, () => {
    expectObject(given, call);
    return { ...given };
  });
}
