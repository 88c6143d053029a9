import type { LookName } from './gather/looks.js';

/** A network as libvirt reports it. */
export interface NetworkEvidence {
  readonly name: string;
  readonly uuid: string;
  readonly active: boolean;
  readonly persistent: boolean;
  readonly autostart: boolean;
  /** Its definition: the running one where it runs, else the stored one. */
  readonly xml: string;
  /** Addresses that its dnsmasq has given out. */
  readonly leases: readonly LeaseEvidence[];
}

/** An address that dnsmasq has given out. */
export interface LeaseEvidence {
  readonly mac: string;
  readonly address: string;
  readonly hostname?: string;
}

/** A NIC of a running guest, from its domain or from the network's port for it. */
export interface NicEvidence {
  /** Name of the guest. */
  readonly guest: string;
  readonly mac: string;
  /** Name of its libvirt network; absent for a NIC on a bridge of the host, or on something else. */
  readonly network?: string;
  /** The bridge that it belongs into. */
  readonly bridge?: string;
  /** Device of the host that it is plugged in by. */
  readonly tap?: string;
  /** Link state as libvirt has set it. */
  readonly link: 'up' | 'down';
  /** True if libvirt keeps it from other isolated NICs, as its definition asks. */
  readonly isolated?: boolean;
  /** Name of its network filter. */
  readonly filter?: string;
}

/** An echo request that the host has sent to a guest. */
export interface ProbeEvidence {
  readonly guest: string;
  readonly mac: string;
  readonly bridge: string;
  readonly address: string;
  readonly answered: boolean;
}

/** A part of a host that could not be looked at. */
export interface NotSeen {
  /** The part, as a noun phrase. */
  readonly what: string;
  /** The reason. */
  readonly why: string;
  /** A way to make it visible. */
  readonly how: string;
}

/**
 * What was found on a host: plain data that can be stored as JSON and judged later, on another machine. It holds addresses
 * and firewall rules, no secrets.
 */
export interface HostEvidence {
  /** Names the host. */
  readonly host: string;
  /** Release of its libvirt, where that is known. */
  readonly libvirt?: string;
  /** Why libvirt did not list its networks; absent where it did. */
  readonly unreachable?: { readonly code: string; readonly message: string; readonly hint?: string };
  readonly networks: readonly NetworkEvidence[];
  /** NICs of running guests. */
  readonly nics: readonly NicEvidence[];
  /** What the host's programs and files say, by the names of the looks. */
  readonly looks: Readonly<Partial<Record<LookName, string>>>;
  /** What came of packets to guests, where those were asked for. */
  readonly probes?: readonly ProbeEvidence[];
  readonly notSeen: readonly NotSeen[];
}
