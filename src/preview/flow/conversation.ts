import type { Family } from '../../schema/address.js';
import type { FilterPacket } from '../firewall-model/packet.js';

/** The addresses and ports of a packet, and what the host's connection tracking knows of its connection. */
export class Conversation {
  way: 'there' | 'back' = 'there';
  source = 0n;
  destination = 0n;
  sourcePort: number | undefined;
  destinationPort: number | undefined;
  /** The source as text; a range where one address of it is chosen. */
  sourceText = '';
  /** The source before it was translated: answers go back to it. */
  origin = 0n;
  /** The receiver that the sender asked for. */
  asked = 0n;
  dnat = false;
  snat = false;
  /** False after a rule has said that the connection is not tracked. */
  tracked = true;
  mark: number | undefined = 0;

  readonly family: Family;
  readonly protocol: 'icmp' | 'tcp' | 'udp';

  constructor(family: Family, protocol: 'icmp' | 'tcp' | 'udp') {
    this.family = family;
    this.protocol = protocol;
  }

  /** Turns round: the receiver answers what it saw. */
  turn(): void {
    this.way = 'back';
    [this.source, this.destination] = [this.destination, this.source];
    [this.sourcePort, this.destinationPort] = [this.destinationPort, this.sourcePort];
    this.mark = 0;
  }

  get state(): FilterPacket['state'] {
    if (this.way === 'there') return this.tracked ? 'new' : 'untracked';
    if (this.tracked) return 'established';
    // An answer to nothing: UDP begins a connection with it, others cannot.
    return this.protocol === 'udp' ? 'new' : 'invalid';
  }

  get icmpType(): string | undefined {
    if (this.protocol !== 'icmp') return undefined;
    return this.way === 'there' ? 'echo-request' : 'echo-reply';
  }
}
