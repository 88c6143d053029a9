import { type OptionNames, optionsOf } from '../options/options.js';
import { shown } from '../options/shown.js';
import { type OvnOutsideFor, outsideOf } from '../ovn-model/outside.js';
import { checkEndpoints } from './check-options.js';
import type { OvsdbMock } from './mock/mock.js';
import { OvnNetworks } from './networks/ovn-networks.js';
import { Ovsdb, type OvsdbOptions } from './ovsdb.js';

/** Options of {@link ovn}. */
export interface OvnOptions extends Omit<OvsdbOptions, 'endpoints' | 'database'> {
  /** Where the servers of the northbound database listen, such as `ssl:10.0.0.1:6641`; several as an array, or with commas between them; or a database in memory, `ovsdbMock()`. */
  readonly northbound: string | readonly string[] | OvsdbMock;
  /** Where the servers of the southbound database listen: it knows on which chassis a guest's port is. Default: not asked. */
  readonly southbound?: string | readonly string[] | undefined;
  /** How networks reach the outside, where a call says nothing else: each needs addresses of its own. */
  readonly outside?: OvnOutsideFor | undefined;
}

const OPTIONS: OptionNames<OvnOptions> = {
  northbound: true,
  southbound: true,
  outside: true,
  tls: true,
  leaderOnly: true,
  timeoutMs: true,
};

/** OVN, which {@link ovn} connects to. */
export class Ovn implements AsyncDisposable {
  /** Networks that end at no host. */
  readonly networks: OvnNetworks;
  /** The northbound database itself. */
  readonly northbound: Ovsdb;
  /** The southbound database, where it was named. */
  readonly southbound: Ovsdb | undefined;

  /** @internal */
  constructor(given: OvnOptions) {
    const { northbound, southbound, outside, tls, ...options } = optionsOf(given, OPTIONS, 'ovn');
    checkEndpoints('northbound', northbound);
    if (southbound !== undefined) checkEndpoints('southbound', southbound);
    if (outside !== undefined && typeof outside !== 'function') outsideOf(outside);
    // Each may be reached in its own way, and certificates without a use are refused.
    const tlsFor = (endpoints: OvnOptions['northbound']) =>
      southbound === undefined || shown(endpoints).includes('ssl:') ? tls : undefined;
    this.northbound = new Ovsdb({ ...options, tls: tlsFor(northbound), endpoints: northbound });
    this.southbound =
      southbound === undefined
        ? undefined
        : new Ovsdb({ ...options, tls: tlsFor(southbound), endpoints: southbound, database: 'OVN_Southbound' });
    this.networks = new OvnNetworks(this.northbound, { outside, southbound: this.southbound });
  }

  /** Ends the connections, and waits until they are gone. */
  async close(): Promise<void> {
    await Promise.all([this.northbound.close(), this.southbound?.close()]);
  }

  /** Ends the connections. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Connects to OVN, for networks across hosts: the same values as on one host with libvirt. Nothing is sent before the first call.
 *
 * @param options - where the northbound database is, and how networks reach the outside
 * @throws `LibvirtError` code `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * await using cloud = ovn({ northbound: 'unix:/var/run/ovn/ovnnb_db.sock' });
 * await cloud.networks.ensure(IsolatedNetwork.create('lab').subnet('172.30.0.1/24', (s) => s.dhcp('172.30.0.100', '172.30.0.199')));
 * ```
 */
export const ovn = (options: OvnOptions): Ovn => new Ovn(options);
