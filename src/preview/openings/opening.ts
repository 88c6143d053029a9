import type { Family } from '../../schema/address.js';
import type { PortRange } from '../../schema/port-forward.js';
import type { TableFamily } from '../firewall-model/model.js';

/**
 * The program whose rules a packet filter of the host holds, and through which an opening is made.
 *
 * - `nftables`, `iptables`, `iptables-legacy`: rules that somebody wrote by hand, or a program without a place for more.
 * - `docker`: the chain DOCKER-USER, which Docker leaves to others.
 * - `ufw`, `firewalld`: their own commands, which keep the opening over their reload.
 * - `libvirt`: the chain of libvirt in which it rejects, before its own rules.
 */
export type OpeningFirewall = 'nftables' | 'iptables' | 'iptables-legacy' | 'docker' | 'ufw' | 'firewalld' | 'libvirt';

/** A chain of the host that an opening goes into, at its head. */
export interface ChainPlace {
  readonly family: TableFamily;
  readonly table: string;
  readonly chain: string;
}

/** A kind of packets that an opening accepts: those for which every property holds. */
export interface OpeningRule {
  /** Where they are accepted: on their way to the host, through it, or from it; `prerouting` and `postrouting` are rare. */
  readonly hook: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
  readonly family: Family;
  /** The chain that drops them today. Absent where the firewall has a place of its own for such rules. */
  readonly place?: ChainPlace;
  /** Device that they come in by. */
  readonly in?: string;
  /** Device that they go out by. */
  readonly out?: string;
  /** Where they come from, in CIDR form. */
  readonly from?: string;
  /** Where they go to, in CIDR form. */
  readonly to?: string;
  readonly protocol?: 'tcp' | 'udp' | 'icmp' | 'icmpv6';
  readonly sourcePort?: PortRange;
  readonly port?: PortRange;
  /** The type of ICMP, by its name in nftables, such as `echo-request`. */
  readonly icmpType?: string;
  /** Answers only, and error messages about what was sent before. */
  readonly answers?: true;
  /** Connections only whose receiver was translated: port forwards. */
  readonly forwarded?: true;
  /**
   * Sends them through libvirt's own chains in place of accepting them: where those follow in the same chain of iptables,
   * an accept would let packets pass that libvirt rejects.
   */
  readonly decidedByLibvirt?: true;
  /** Does not accept them, but gives them this source address, at `postrouting` before libvirt's own translation. */
  readonly source?: string;
}

/** A hole in a firewall of the host, as plain data: what it lets through, and by whose rules. */
export interface Opening {
  /** Identity of the opening on the host: the rules of two openings of one name replace each other. */
  readonly name: string;
  /** What it is for, in words. */
  readonly purpose: string;
  readonly firewall: OpeningFirewall;
  readonly rules: readonly OpeningRule[];
  /** Of firewalld: the zone that lets them through. */
  readonly zone?: string;
  /** Of firewalld: the bridge that is put into the zone, which has the rules already. */
  readonly binds?: string;
}
