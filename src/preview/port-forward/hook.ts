import { shellWord } from '../../shell/quote.js';
import type { FirewallBackend } from '../firewall/rule.js';
import { hookNote } from './hook-notes.js';
import { iptablesHook } from './iptables-hook.js';
import { LOCK } from './lock.js';
import { nftablesHook } from './nftables-hook.js';
import type { ForwardPlan } from './plan.js';

/**
 * A libvirt network hook that makes the port forwards of a network with its start, and takes them away with its end.
 * Each run is one transaction of the firewall, and runs wait for each other, since several guests start at once.
 */
export const hookScript = (plan: ForwardPlan, backend: FirewallBackend): string => `#!/bin/sh
# Made by libvirt-network. Port forwards of one network, with ${backend}. libvirt runs this for every network:
# NAME OPERATION; by hand, "NAME reload" makes the rules again, and "NAME check" fails when they are not as they should be.
${hookNote(plan)}
${hookGuard(plan.network)}
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C

${LOCK}
# One run at a time on a host, each with the text that this file has by then.
case $LIBVIRT_NETWORK_LOCKED in
  '')
    case $0 in */*) lock "\${0%/*}" ;; *) lock . ;; esac || { echo "port forwards of network $1: others do not come to an end" >&2; exit 1; }
    if [ -n "$LIBVIRT_NETWORK_LOCKED" ]; then
      [ ! -x "$0" ] || exec "$0" "$@"
      unlock; exit 0
    fi ;;
  */$$-*) trap unlock EXIT ;;
esac

${backend === 'iptables' ? iptablesHook(plan) : nftablesHook(plan)}
# Somebody may change or flush the rules meanwhile; then the transaction fails as a whole.
apply() { make || make || make || { remove; return 1; }; }

# As the network namespace of this run has it: /sys may show another one.
running() {
  while read -r name _; do
    [ "$name" != ${shellWord(`${plan.bridge}:`)} ] || return 0
  done </proc/net/dev
  return 1
}

case "$2" in
  started) apply ;;
  reload) if running; then apply; else remove; fi ;;
  # A guest must not fail to start for them: they may have been flushed with the firewall.
  updated | port-created) ! running || apply || { echo "port forwards of network $1 cannot be made" >&2; exit 0; } ;;
  stopped) remove; exit 0 ;;
  check)
    if running; then intact; else absent; fi && exit
    echo "port forwards of network $1 are not as they should be: run $0 $1 reload" >&2; exit 1 ;;
  *) exit 0 ;;
esac || { echo "port forwards of network $1 cannot be made" >&2; exit 1; }
`;

/** The line by which a hook leaves other networks alone, and by which one knows whose it is. */
export const hookGuard = (network: string): string => `[ "$1" = ${shellWord(network)} ] || exit 0`;
