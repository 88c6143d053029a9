import type { NatNetwork } from '../../model/kinds/virtual-kinds.js';
import { optionsOf } from '../../options/options.js';
import { expectBackend, FIREWALL_OPTIONS, type FirewallOptions } from '../firewall/index.js';
import { hookScript } from './hook.js';
import { hookFileName } from './identity.js';
import { familiesOf, iptablesApply, iptablesRemove, type Words } from './iptables.js';
import { nftAccepts, nftTables } from './nftables.js';
import { planForwards } from './plan.js';

/** A file for the host. */
export interface HostFile {
  /** Where it goes. */
  readonly path: string;
  /** Its permissions. */
  readonly mode: number;
  readonly content: string;
}

/** A libvirt network hook, and how to use it by hand. */
export interface PortForwardHook {
  /** The script; libvirt runs all of `network.d`, since 6.5.0. A running daemon finds the folder after a restart only. */
  readonly file: HostFile;
  /** Makes the forwards of a running network now. */
  readonly apply: readonly string[];
  /** Takes them away; to be run before the file is deleted. */
  readonly remove: readonly string[];
}

/**
 * The iptables commands for the port forwards of a network: translation for what comes from outside, from guests of
 * the same network and from the host itself, and the accept that stands before libvirt's rejection.
 *
 * @param network - with a bridge name
 * @returns argument lists, to be run in order; `remove` undoes `apply`
 * @throws {@link ValidationError} for forwards that cannot work, and for a network that libvirt would not define
 */
export function portForwardCommands(network: NatNetwork): {
  readonly apply: readonly (readonly string[])[];
  readonly remove: readonly (readonly string[])[];
} {
  const plan = planForwards(network);
  return { apply: iptablesApply(plan), remove: iptablesRemove(plan, familiesOf(plan)) };
}

/**
 * The nftables ruleset for the port forwards of a network, for `nft -f`: a table of its own, and rules for libvirt's
 * table, since no other table can accept what that one rejects.
 *
 * @param network - with a bridge name
 * @throws {@link ValidationError} for forwards that cannot work, and for a network that libvirt would not define
 * @throws {@link LibvirtError} code `UNSUPPORTED` for more than 1000 ports that become other ports
 */
export function portForwardRuleset(network: NatNetwork): string {
  const plan = planForwards(network);
  return (
    nftTables(plan) +
    nftAccepts(plan)
      .map((rule) => `${rule}\n`)
      .join('')
  );
}

/**
 * A hook for libvirt that makes the port forwards of a network when it starts, makes them again when a guest comes and
 * they were flushed, and removes exactly its own rules when the network stops. Source: libvirt's hooks page,
 * "/etc/libvirt/hooks/network".
 *
 * @param network - with a bridge name; the hook must be made again when its port forwards change
 * @param options - the host's firewall backend
 * @throws {@link ValidationError} for forwards that cannot work, and for a network that libvirt would not define
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the bridge has no name, or one that no script can hold
 */
export function portForwardHook(network: NatNetwork, options: FirewallOptions): PortForwardHook {
  const { backend, ...release } = optionsOf(options, FIREWALL_OPTIONS, 'portForwardHook');
  expectBackend({ backend, ...release });
  const plan = planForwards(network, release);
  const path = `/etc/libvirt/hooks/network.d/${hookFileName(plan.network)}`;
  const call = (operation: string): Words => [path, plan.network, operation, 'begin', '-'];
  return {
    file: { path, mode: 0o755, content: hookScript(plan, backend) },
    apply: call('reload'),
    remove: call('stopped'),
  };
}
