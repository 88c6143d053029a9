import type { HostFile } from '../port-forward/index.js';
import { checkOpening, expectRules } from './check-opening.js';
import type { Opening, OpeningFirewall } from './opening.js';
import { OPENING_MARK, openingScript, scriptPath } from './script.js';

/** An opening as files for the host, and how to use them by hand. */
export interface RenderedOpening {
  /** Makes and removes the rules. */
  readonly script: HostFile;
  /**
   * Runs the script with each start of a network, at boot too; absent where the firewall keeps the rules itself. libvirt
   * runs all of `network.d`, since 6.5.0. A running daemon finds the folder after a restart only.
   */
  readonly hook?: HostFile;
  /** Run the script after services of systemd that load the rules of the host; each is for a host that has the service. */
  readonly services: readonly HostFile[];
  /** Makes the rules. Done again, it changes nothing. */
  readonly apply: readonly string[];
  /** Removes exactly these rules; run it before you delete the files. */
  readonly remove: readonly string[];
  /** Ends with status 0 if the rules are in place. */
  readonly check: readonly string[];
}

/** The services of systemd that load rules of others, and take ours away with it. */
const SERVICES: Readonly<Record<OpeningFirewall, readonly string[]>> = {
  nftables: ['nftables'],
  iptables: ['netfilter-persistent', 'iptables', 'ip6tables'],
  'iptables-legacy': ['netfilter-persistent', 'iptables', 'ip6tables'],
  docker: ['docker'],
  ufw: [],
  firewalld: ['firewalld'],
  libvirt: [],
};

/** Services that load the rules again without a new start. */
const RELOADED: ReadonlySet<string> = new Set(['nftables']);

/**
 * Renders an opening as files and commands for its host: what `installOpenings` does, to look at first or to do by hand.
 *
 * @param opening - of {@link openingsFor}
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for a rule that no firewall can express
 */
export function renderOpening(opening: Opening): RenderedOpening {
  const rendered = filesOf(opening);
  expectRules(opening);
  return rendered;
}

/**
 * The files of an opening by its name and firewall, whatever rules it has.
 *
 * @throws LibvirtError code `INVALID_ARGUMENT`
 */
export function filesOf(opening: Opening): RenderedOpening {
  checkOpening(opening);
  const path = scriptPath(opening);
  const hook = opening.firewall === 'ufw' ? {} : { hook: hookOf(opening) };
  return {
    script: { path, mode: 0o755, content: openingScript(opening) },
    ...hook,
    services: SERVICES[opening.firewall].map((service) => dropIn(service, opening)),
    apply: [path, 'apply'],
    remove: [path, 'remove'],
    check: [path, 'check'],
  };
}

/** A network starts all the same where its opening cannot be made. */
const hookOf = (opening: Opening): HostFile => ({
  path: `/etc/libvirt/hooks/network.d/60-libvirt-network-${opening.name}`,
  mode: 0o755,
  content: `#!/bin/sh
${OPENING_MARK}
case $2 in started | port-created) ${scriptPath(opening)} apply ;; esac
exit 0
`,
});

const dropIn = (service: string, opening: Opening): HostFile => ({
  path: `/etc/systemd/system/${service}.service.d/60-libvirt-network-${opening.name}.conf`,
  mode: 0o644,
  content: `${OPENING_MARK}
[Service]
ExecStartPost=-${scriptPath(opening)} apply
${RELOADED.has(service) ? `ExecReload=-${scriptPath(opening)} apply\n` : ''}`,
});
