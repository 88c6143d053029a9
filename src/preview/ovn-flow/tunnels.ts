import type { Note } from './note.js';
import type { OvnWorld } from './world.js';

/** Where a packet is, and the tunnels that bring it to other chassis. */
export class Tunnels {
  readonly #chassis: OvnWorld['chassis'];
  readonly #note: Note;
  /** The chassis that the packet is on; nothing outside, and where it is not known. */
  #here: string | undefined;

  constructor({ chassis }: OvnWorld, note: Note) {
    this.#chassis = chassis;
    this.#note = note;
  }

  /** The packet begins on a chassis, or outside. */
  begin(chassis: string | undefined): void {
    this.#here = chassis;
  }

  /** The packet goes on to a chassis, by a tunnel where it is not there. */
  goTo(chassis: string | undefined): void {
    const from = this.#here;
    this.#here = chassis;
    if (from === undefined || chassis === undefined || from === chassis) return;
    this.#note(from, 'tunnel', this.#wrapping(from, chassis), 'chassis');
  }

  /** Says where the packet is: ` on kvm1`. */
  get onHost(): string {
    return this.#here === undefined ? '' : ` on ${this.#here}`;
  }

  #wrapping(from: string, to: string): string {
    const [sender, receiver] = [this.#chassis.get(from), this.#chassis.get(to)];
    const ends = [sender?.address, receiver?.address];
    const addresses = ends.includes(undefined) ? '' : `, from ${ends.join(' to ')}`;
    return `wraps it in ${sender?.encapsulation ?? 'geneve'} for ${to}${addresses}`;
  }
}
