import { type Filters, filters } from '../client/filters/filters.js';
import { connect, type Host } from '../client/host.js';
import { LibvirtError } from '../errors/index.js';
import { NwFilter } from '../model/filter/nw-filter.js';
import { BridgedNetwork } from '../model/kinds/bridged-networks.js';
import { IsolatedNetwork, NatNetwork } from '../model/kinds/virtual-kinds.js';
import type { Transport } from '../transport/operations.js';
import { fails, same } from './contract-checks.js';

/** A guarantee that every transport must keep. */
export interface ContractCase {
  /** The guarantee as a sentence. */
  readonly name: string;
  /** Runs the case; rejects when the transport fails it. No network or filter remains. */
  run(): Promise<void>;
}

/**
 * Returns the guarantees of transports as cases for any test runner: `for (const { name, run } of transportContract(make)) it(name, run)`.
 * The host must have no networks and filters whose names begin with `contract-`, and the subnets 10.240.0.0/16 must be free.
 *
 * @param make - returns a transport to a host for one case, which closes it at the end
 */
export function transportContract(make: () => Promise<Transport> | Transport): readonly ContractCase[] {
  return CASES.map(([name, body]) => ({
    name,
    run: async () => {
      await using host = connect(await make());
      try {
        await body(host);
      } catch (error) {
        await removeRest(host);
        throw error;
      }
    },
  }));
}

/** Removes what a failed case has made, as far as that works: the failure itself is what is to be seen. */
async function removeRest(host: Host): Promise<void> {
  const ignore = () => undefined;
  await filters(host).undefine(storedFilter.name).catch(ignore);
  for (const { name, active, persistent } of await host.networks.states().catch(() => [])) {
    if (!name.startsWith('contract-')) continue;
    const network = await host.networks.get(name).catch(ignore);
    if (active) await network?.destroy().catch(ignore);
    if (persistent) await network?.undefine().catch(ignore);
  }
}

type Body = (host: Host) => Promise<void>;

const storedFilter = NwFilter.create('contract-filter').allow('in', { protocol: 'tcp', ports: 22 });

/** Does work with filters; drivers without any have kept the contract when they say so. */
async function withFilters(host: Host, work: (filters: Filters) => Promise<void>): Promise<void> {
  try {
    await filters(host).names();
  } catch (error) {
    if (LibvirtError.is(error) && error.code === 'UNSUPPORTED') return;
    throw error;
  }
  await work(filters(host));
}

const stored = BridgedNetwork.create({ name: 'contract-stored', bridge: 'br0' });
const virtual = (third: number) =>
  IsolatedNetwork.create(`contract-${third}`).subnet(`10.240.${third}.1/24`, (subnet) =>
    subnet.dhcp(`10.240.${third}.10`, `10.240.${third}.20`),
  );

const flags = async (host: Host, name: string) => {
  const { active, persistent, autostart } = await (await host.networks.get(name)).info();
  return [active, persistent, autostart];
};

const CASES: readonly (readonly [name: string, body: Body])[] = [
  [
    'a network is defined, started, stopped and undefined',
    async (host) => {
      const net = await host.networks.define(stored);
      same(await flags(host, stored.name), [false, true, false], 'after define');
      await net.start();
      same(await flags(host, stored.name), [true, true, false], 'after start');
      await net.destroy();
      same(await flags(host, stored.name), [false, true, false], 'after destroy');
      await net.undefine();
      await fails(host.networks.get(stored.name), 'NETWORK_NOT_FOUND');
    },
  ],
  [
    'what is in the wrong state is refused',
    async (host) => {
      const net = await host.networks.define(stored);
      await fails(net.destroy(), 'NETWORK_INACTIVE');
      await net.start();
      await fails(net.start(), 'NETWORK_ACTIVE');
      await net.destroy();
      await net.undefine();
      await fails(net.start(), 'NETWORK_NOT_FOUND');
      await fails(net.undefine(), 'NETWORK_NOT_FOUND');
    },
  ],
  [
    'a running network that is undefined goes on as a transient one',
    async (host) => {
      const net = await host.networks.define(stored);
      await net.start();
      await net.undefine();
      same(await flags(host, stored.name), [true, false, false], 'after undefine');
      await fails(net.setAutostart(true), 'NETWORK_TRANSIENT');
      await fails(net.undefine(), 'NETWORK_TRANSIENT');
      await net.destroy();
      await fails(net.info(), 'NETWORK_NOT_FOUND');
    },
  ],
  [
    'a created network is transient and gone when it is stopped',
    async (host) => {
      const net = await host.networks.create(stored);
      same(await flags(host, stored.name), [true, false, false], 'after create');
      await net.destroy();
      await fails(net.info(), 'NETWORK_NOT_FOUND');
    },
  ],
  [
    'autostart is switched on and off',
    async (host) => {
      const net = await host.networks.define(stored);
      await net.setAutostart(true);
      same(await flags(host, stored.name), [false, true, true], 'after on');
      await net.setAutostart(false);
      same(await flags(host, stored.name), [false, true, false], 'after off');
      await net.undefine();
    },
  ],
  [
    'libvirt adds uuid, bridge name and MAC address, and a second definition keeps them',
    async (host) => {
      const first = await (await host.networks.define(virtual(1))).read({ inactive: true });
      const { uuid, mac, bridge } = first.document;
      same([typeof uuid, typeof mac?.address, typeof bridge?.name], ['string', 'string', 'string'], 'what was added');
      const net = await host.networks.define(virtual(1).domain('contract.test'));
      const second = (await net.read({ inactive: true })).document;
      same(
        [second.uuid, second.mac, second.bridge?.name, second.domain],
        [uuid, mac, bridge?.name, { name: 'contract.test' }],
        'the second definition',
      );
      await net.undefine();
    },
  ],
  [
    'a new definition of a running network waits for the next start',
    async (host) => {
      const net = await host.networks.define(virtual(2));
      await net.start();
      await host.networks.define(virtual(2).domain('later.test'));
      same((await net.read()).document.domain, undefined, 'the running definition');
      same((await net.read({ inactive: true })).document.domain, { name: 'later.test' }, 'the stored definition');
      await net.destroy();
      await net.start();
      same((await net.read()).document.domain, { name: 'later.test' }, 'the definition after a restart');
      await net.destroy();
      await net.undefine();
    },
  ],
  [
    'names, uuids and bridges belong to one network',
    async (host) => {
      const uuid = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11';
      const net = await host.networks.define(virtual(3).withUuid(uuid).bridge('contractbr3'));
      await fails(host.networks.define(virtual(4).withUuid(uuid)), 'NETWORK_EXISTS');
      await fails(host.networks.define(virtual(3).withUuid('6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a12')), 'NETWORK_EXISTS');
      await fails(host.networks.define(virtual(4).bridge('contractbr3')), 'BRIDGE_IN_USE');
      await net.undefine();
    },
  ],
  [
    'entries are added and deleted in both copies of a running network',
    async (host) => {
      const net = await host.networks.define(virtual(5));
      await net.start();
      const entry = { mac: '52:54:00:00:00:05', name: 'five', ip: '10.240.5.5' };
      await net.update('ip-dhcp-host', 'add-last', entry);
      for (const inactive of [false, true])
        same((await net.read({ inactive })).document.ips?.[0]?.dhcp?.hosts, [entry], 'the reservations');
      await fails(net.update('ip-dhcp-host', 'add-last', entry), 'UPDATE_REFUSED');
      await net.update('ip-dhcp-host', 'delete', { mac: entry.mac, ip: entry.ip });
      for (const inactive of [false, true])
        same((await net.read({ inactive })).document.ips?.[0]?.dhcp?.hosts, undefined, 'the reservations');
      await fails(net.update('ip-dhcp-host', 'delete', { ip: entry.ip }), 'UPDATE_REFUSED');
      await net.destroy();
      await net.undefine();
    },
  ],
  [
    'an update of one copy leaves the other',
    async (host) => {
      const net = await host.networks.define(virtual(6));
      await net.start();
      await net.update(
        'dns-txt',
        'add-last',
        { name: 'stored', value: 'only' },
        { copies: { live: false, config: true } },
      );
      same((await net.read()).document.dns, undefined, 'the running definition');
      same(
        (await net.read({ inactive: true })).document.dns?.txts,
        [{ name: 'stored', value: 'only' }],
        'the stored definition',
      );
      await net.destroy();
      await net.undefine();
    },
  ],
  [
    'the list can be asked for a state',
    async (host) => {
      const net = await host.networks.define(stored);
      const other = await host.networks.define(BridgedNetwork.create({ name: 'contract-other', bridge: 'br1' }));
      await net.start();
      const names = async (filter: Parameters<Host['networks']['states']>[0]) =>
        (await host.networks.states(filter)).flatMap(({ name }) => (name.startsWith('contract-') ? [name] : [])).sort();
      same(await names({}), ['contract-other', 'contract-stored'], 'all');
      same(await names({ active: true }), ['contract-stored'], 'active ones');
      same(await names({ active: false }), ['contract-other'], 'inactive ones');
      same(await names({ persistent: false }), [], 'transient ones');
      const all = await host.networks.readAll({ active: true });
      same(
        all.filter(({ state }) => state.name === stored.name).map(({ network }) => network?.kind),
        ['bridge'],
        'kinds',
      );
      await net.destroy();
      await net.undefine();
      await other.undefine();
    },
  ],
  [
    'a definition that libvirt refuses changes nothing',
    async (host) => {
      const bad = NatNetwork.create('contract-bad');
      await fails(host.networks.define(bad), 'VALIDATION');
      await fails(host.networks.get('contract-bad'), 'NETWORK_NOT_FOUND');
    },
  ],
  [
    'a running NAT network shows the ports that it translates to',
    async (host) => {
      const net = await host.networks.define(NatNetwork.create('contract-nat').subnet('10.240.7.1/24'));
      await net.start();
      const live = await net.read();
      same(live.document.forward?.nat?.port, { start: 1024, end: 65_535 }, 'the ports');
      same((await net.read({ inactive: true })).document.forward?.nat, undefined, 'the stored definition');
      await net.destroy();
      await net.undefine();
    },
  ],
  [
    'there are no ports on a network that nobody uses, and none to ask for on a stopped one',
    async (host) => {
      const net = await host.networks.define(virtual(8));
      await fails(net.ports(), 'NETWORK_INACTIVE');
      await net.start();
      same(await net.ports(), [], 'the ports');
      same(await net.leases(), [], 'the leases');
      await net.destroy();
      await net.undefine();
    },
  ],
  [
    'a subnet that is in use is refused to a second network',
    async (host) => {
      const net = await host.networks.create(virtual(9));
      const twin = await host.networks.define(virtual(9).named('contract-twin'));
      await fails(twin.start(), 'SUBNET_IN_USE');
      same(await flags(host, twin.name), [false, true, false], 'after the start that failed');
      await net.destroy();
      await twin.undefine();
    },
  ],
  [
    'a guest has a port, which says where it is plugged in',
    async (host) => {
      const uuid = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a99';
      const net = await host.networks.create(stored);
      await net.createPort({ uuid, owner: { name: 'guest', uuid }, mac: { address: '52:54:00:00:00:77' } });
      same(
        (await net.ports()).map((port) => [port.uuid, port.plug]),
        [[uuid, { type: 'bridge', bridge: 'br0' }]],
        'the ports',
      );
      await net.deletePort(uuid);
      same(await net.ports(), [], 'the ports after it is deleted');
      await fails(net.deletePort(uuid), 'NOT_FOUND');
      await net.destroy();
    },
  ],
  [
    'events report changes, and end when nobody reads on',
    async (host) => {
      const events = host.networks.events()[Symbol.asyncIterator]();
      const first = events.next();
      let isOver = false;
      const over = () => {
        isOver = true;
      };
      first.then(over, over);
      // Not every transport can say when it listens.
      while (!isOver) await (await host.networks.define(stored)).undefine();
      const { value } = await first;
      same(value?.network, stored.name, 'the network of the first event');
      await events.return?.();
    },
  ],
  [
    'an abort rejects with its own reason',
    async (host) => {
      const reason = new Error('enough');
      const error = await host.networks
        .states({ signal: AbortSignal.abort(reason) })
        .catch((caught: unknown) => caught);
      if (error !== reason) throw new Error(`expected the reason of the abort, got ${String(error)}`);
    },
  ],
  [
    'a filter is defined, defined again, read and undefined, where the driver has filters',
    (host) =>
      withFilters(host, async (mine) => {
        const { uuid } = await mine.define(storedFilter);
        const changed = await mine.define(storedFilter.drop('out'));
        same(changed.uuid, uuid, 'the uuid after the second define');
        same((await mine.get(storedFilter.name)).toXml(), changed.toXml(), 'what is read');
        same(
          (await mine.names()).filter(({ name }) => name === storedFilter.name),
          [{ name: storedFilter.name, uuid }],
          'the list',
        );
        await fails(mine.define(storedFilter.withUuid('4d2b6c3a-0000-4000-8000-0000000000f2')), 'FILTER_EXISTS');
        await mine.undefine(storedFilter.name);
        await fails(mine.get(storedFilter.name), 'FILTER_NOT_FOUND');
        await fails(mine.undefine(storedFilter.name), 'FILTER_NOT_FOUND');
      }),
  ],
  [
    'a binding that is not there is refused, where the driver has filters',
    (host) => withFilters(host, async (mine) => fails(mine.unbind('contract0'), 'NOT_FOUND')),
  ],
];
