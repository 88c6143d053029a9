import { withNamespace, withoutNamespace } from '../client/metadata.js';
import { encodeNetwork, printNetwork } from '../schema/network/codec.js';
import type { NetworkPort } from '../schema/networkport.js';
import { releaseNumber } from '../schema/release.js';
import { normalizeMac } from '../schema/scalar.js';
import { writeNetworkPort } from '../schema/small-formats/networkport.js';
import { readNetworkPort } from '../schema/small-formats/read.js';
import { matchesFilter } from '../transport/matches-filter.js';
import type { Copies } from '../transport/op.js';
import type { NetworkInput, NetworkState, Operation, Operations } from '../transport/operations.js';
import { readXml } from '../xml/read.js';
import { dumpXml } from '../xml/write.js';
import type { Answers } from './answers.js';
import type { MockDriver } from './driver.js';
import { filterAnswers } from './filter-operations.js';
import { guestAnswers } from './guest-operations.js';
import { plugged, withConnections, withGuest } from './ports.js';
import { invalid, Refusal } from './refusal.js';

/** Implementation of each operation. */
export type MockOperations = Answers<Operation>;

/** Tells whether a release is at least as new as another. */
export const isSince = (release: string, since: string): boolean =>
  (releaseNumber(release) ?? 0) >= (releaseNumber(since) ?? 0);

/**
 * The operations of a daemon.
 *
 * @param driver - the state that they look at and change
 * @param release - the libvirt release that they behave as
 * @param now - what the clock says
 */
export function mockOperations(driver: MockDriver, release: string, now: () => Date): MockOperations {
  return {
    'host.capabilities': () => ({
      client: release,
      daemon: release,
      missing: isSince(release, '9.7.0') ? [] : ['metadata.get', 'metadata.set', 'text.set'],
    }),
    'host.interfaces': () => [],
    'interface.dump': ({ name }) => {
      throw new Refusal(`Interface not found: no interface with matching name '${name}'`);
    },
    'network.define': ({ xml }) => driver.define(xml),
    'network.create': ({ xml }) => driver.create(xml),
    'network.start': ({ network }) => driver.start(network),
    'network.destroy': ({ network }) => driver.destroy(network),
    'network.undefine': ({ network }) => driver.undefine(network),
    'network.autostart': ({ network, enabled }) => driver.setAutostart(network, enabled),
    'network.update': ({ network, live, config, ...request }) => driver.update(network, request, { live, config }),
    'network.leases': (input) => leasesOf(driver, input, now()),
    ...readingOperations(driver, release),
    ...annotationOperations(driver, release),
    ...portOperations(driver),
    ...guestAnswers(driver, now),
    ...filterAnswers(driver, release),
  };
}

function stateOf(driver: MockDriver, key: string): NetworkState {
  const { name, uuid, live, config, autostart } = driver.find(key);
  return { name, uuid, active: live !== undefined, persistent: config !== undefined, autostart };
}

/** Leases that have ended stay in dnsmasq's file for a while, but libvirt does not show them; virsh sorts by MAC address. */
function leasesOf(driver: MockDriver, { network, mac }: Operations['network.leases']['input'], now: Date) {
  const wanted = mac === undefined ? undefined : normalizeMac(mac);
  if (mac !== undefined && wanted === undefined) throw new Refusal(`invalid MAC address: ${mac}`);
  return driver
    .find(network)
    .leases.filter((lease) => wanted === undefined || normalizeMac(lease.mac) === wanted)
    .filter(({ expiry }) => expiry === undefined || expiry >= now)
    .sort((a, b) => Number(a.mac > b.mac) - Number(a.mac < b.mac));
}

function readingOperations(
  driver: MockDriver,
  release: string,
): Pick<MockOperations, 'network.list' | 'network.lookup' | 'network.dump'> {
  const print = (key: string, inactive = false): string => {
    const document = driver.definition(key, inactive);
    const root = encodeNetwork(document, release);
    return printNetwork(inactive ? root : withConnections(root, document));
  };
  const whole = (state: NetworkState, withStored: boolean): NetworkState => ({
    ...state,
    xml: print(state.uuid),
    ...(withStored && state.active && state.persistent ? { inactiveXml: print(state.uuid, true) } : {}),
  });
  return {
    'network.dump': ({ network, inactive }) => print(network, inactive),
    'network.lookup': ({ network, xml }) => {
      const state = stateOf(driver, network);
      return xml === true ? whole(state, true) : state;
    },
    'network.list': (input) => {
      const states = [...driver.state.networks.keys()].map((uuid) => stateOf(driver, uuid));
      const found = states.filter((state) => matchesFilter(state, input));
      found.sort((a, b) => a.name.toLowerCase().localeCompare(b.name.toLowerCase()));
      if (input.xml !== true) return found;
      return found.map((state) => whole(state, input.inactive === true));
    },
  };
}

function annotationOperations(
  driver: MockDriver,
  release: string,
): Pick<MockOperations, 'metadata.get' | 'metadata.set' | 'text.set'> {
  const needs = (command: string): void => {
    if (!isSince(release, '9.7.0')) throw new Refusal(`unknown command: '${command}'`);
  };
  return {
    'metadata.get': ({ network, uri, inactive = false }) => {
      needs('net-metadata');
      if (inactive && driver.find(network).config === undefined)
        invalid('cannot change persistent config of a transient network');
      const element = driver.definition(network, inactive).metadata?.find((one) => declares(one.attributes, uri));
      return element === undefined ? undefined : dumpXml(withoutNamespace(element, uri));
    },
    'metadata.set': ({ network, uri, key, xml, ...copies }) => {
      needs('net-metadata');
      const made = xml === undefined ? [] : [withNamespace(readXml(xml).root, uri, key)];
      driver.annotate(network, copies, (document) => ({
        ...document,
        metadata: [...(document.metadata ?? []).filter((one) => !declares(one.attributes, uri)), ...made],
      }));
    },
    'text.set': ({ network, kind, text, ...wanted }) => {
      needs('net-desc');
      for (const copies of oneByOne(wanted))
        driver.annotate(network, copies, (document) => ({ ...document, [kind]: text }));
    },
  };
}

const declares = (attributes: Readonly<Record<string, string>>, uri: string): boolean =>
  Object.values(attributes).includes(uri);

/** Splits a change into one copy after the other, the stored one first, as virsh does it. */
const oneByOne = ({ live, config }: Copies): Copies[] =>
  live && config
    ? [
        { live: false, config },
        { live, config: false },
      ]
    : [{ live, config }];

function portOperations(
  driver: MockDriver,
): Pick<MockOperations, 'network.ports' | 'port.dump' | 'port.create' | 'port.delete'> {
  const running = ({ network: key }: NetworkInput) => {
    const network = driver.find(key);
    const { live } = network;
    return live === undefined ? invalid(`network '${network.name}' is not active`) : { ...network, live };
  };
  /** virsh only says that there is no such port, even of a network that does not run. */
  const portOf = ({ network, port }: Operations['port.dump']['input']): NetworkPort => {
    const found = driver.find(network).ports.find(({ uuid }) => uuid === port);
    if (found !== undefined) return found;
    throw new Refusal(`network port not found: Network port with UUID ${port} does not exist`);
  };
  return {
    'network.ports': (input) => running(input).ports.map(({ uuid }) => uuid),
    'port.dump': (input) => writeNetworkPort(portOf(input)),
    'port.create': (input) => {
      const network = running(input);
      const port = plugged(network.live, readNetworkPort(input.xml), network.ports, () => driver.makeUuid());
      driver.put({ ...network, live: withGuest(network.live, port.plug?.dev, 1), ports: [...network.ports, port] });
    },
    'port.delete': (input) => {
      const port = portOf(input);
      const network = running(input);
      const ports = network.ports.filter((one) => one !== port);
      driver.put({ ...network, live: withGuest(network.live, port.plug?.dev, -1), ports });
    },
  };
}
