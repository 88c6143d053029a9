import type { Family } from '../../schema/address.js';

/** What the kernel knows of an address. */
export type AddressType = 'local' | 'unicast' | 'broadcast' | 'multicast';

/** A packet at a hook, as rules see it. Properties that are undefined are not known: rules that ask for them are unsure. */
export interface FilterPacket {
  readonly family: Family | 'arp';
  source: bigint;
  destination: bigint;
  readonly protocol: 'icmp' | 'icmpv6' | 'tcp' | 'udp' | 'arp';
  /** Undefined for a port that the kernel picks. */
  readonly sourcePort: number | undefined;
  destinationPort: number | undefined;
  readonly icmpType?: string | undefined;
  /** Hardware addresses of its frame, in small letters. */
  readonly etherSource?: string | undefined;
  readonly etherDestination?: string | undefined;
  /** What it says if it is a question for a hardware address, or the answer. */
  readonly arp?: ArpMessage | undefined;
  /** Device it came in by; empty for what the host sends. */
  readonly inBy: string | undefined;
  /** Device it goes out by; empty for what the host receives. */
  readonly outBy: string | undefined;
  state: 'new' | 'established' | 'related' | 'invalid' | 'untracked';
  /** True for connections whose receiver was translated. */
  dnat: boolean;
  /** True for connections whose sender was translated. */
  readonly snat: boolean;
  mark: number | undefined;
  readonly hopLimit: number | undefined;
  typeOf(address: bigint): AddressType | undefined;
  /** Tells whether the host sends to the source by the device that the packet came in by. */
  hasReversePath(): boolean | undefined;
}

/** A question for the hardware address of an IPv4 address, or the answer. Properties that are undefined are not known. */
export interface ArpMessage {
  readonly operation: 'request' | 'reply';
  readonly source: bigint | undefined;
  readonly destination: bigint | undefined;
  readonly sourceMac: string | undefined;
  /** Zero in a question. */
  readonly destinationMac: string | undefined;
}

/** The answer of a condition about a packet; undefined when that cannot be told. */
export type Match = boolean | undefined;
