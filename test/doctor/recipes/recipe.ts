import type { DiagnosisTarget, FindingId } from 'libvirt-network/doctor';
import type { FirewallOptions } from 'libvirt-network/preview';

/** What the doctor must name first, and a part of its proof; nothing where guests lose nothing. */
export type Expected = { readonly id: FindingId; readonly proof?: string } | undefined;

type Backend = FirewallOptions['backend'];

/**
 * Something that is broken on a host. Each step runs on the host, unless a word in front says where: `g1:`, `g1b:`, `g2:`, `outside:`
 * in that guest, `virsh` on the machine, and after `fails:` too, where it must fail; `REMAKE` restarts libvirt and makes the port forward again, `FORWARD` only that;
 * `KILL` and `START` do so with libvirt alone, and `BIND` gives a guest a filter: its name, the filter, its MAC address and its IP address. `$g1`, `$g1b`, ... are
 * the devices of guests.
 */
export interface Recipe {
  readonly name: string;
  readonly breaks: readonly string[];
  readonly restores: readonly string[];
  readonly target: DiagnosisTarget;
  /** A packet that is lost while it is broken, and arrives before and afterwards. */
  readonly packet?: Packet;
  readonly backends: readonly Backend[];
  readonly expected: Readonly<Record<Backend, Expected>>;
}

export const BOTH = ['iptables', 'nftables'] as const;
export const NAT = 'nat';
export const G1 = { guest: 'g1' };

export const every = (expected: Expected): Recipe['expected'] => ({ iptables: expected, nftables: expected });
export const on = (iptables: Expected, nftables: Expected): Recipe['expected'] => ({ iptables, nftables });

/** A packet of `netprobe`: who sends it, and its words. */
export type Packet = readonly [from: string, ...words: string[]];

type Rest = Partial<Pick<Recipe, 'target' | 'backends' | 'packet'>>;

/** A recipe that one backend or both suffer from. */
export const recipe = (
  name: string,
  steps: readonly [breaks: readonly string[], restores: readonly string[]],
  expected: Expected | Recipe['expected'],
  rest: Rest = {},
): Recipe => ({
  name,
  breaks: steps[0],
  restores: steps[1],
  target: NAT,
  backends: BOTH,
  expected: expected !== undefined && 'iptables' in expected ? expected : every(expected),
  ...rest,
});

export const sysctl = (
  name: string,
  setting: string,
  value: number,
  [healthy, expected]: readonly [number, Expected],
  rest: Rest = {},
): Recipe => recipe(name, [[`sysctl -qw ${setting}=${value}`], [`sysctl -qw ${setting}=${healthy}`]], expected, rest);
