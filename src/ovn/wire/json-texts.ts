/** How large the messages of a server may be. */
export interface MessageLimits {
  /** Bytes of one message. */
  readonly bytes: number;
  /** Arrays and objects within each other. */
  readonly depth: number;
}

/** A whole northbound database with 50,000 ports comes in one message of 15 MB; what OVSDB sends is at most 12 levels deep. */
export const MESSAGE_LIMITS: MessageLimits = { bytes: 256 * 2 ** 20, depth: 64 };

/** One JSON text of a stream. */
export interface JsonText {
  readonly text: string;
  /** True if a number in it has 16 digits or more. */
  readonly hasLongNumbers: boolean;
}

const [QUOTE, BACKSLASH, ZERO, NINE] = [0x22, 0x5c, 0x30, 0x39];
const OPENING = new Set([0x7b, 0x5b]);
const CLOSING = new Set([0x7d, 0x5d]);
const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d]);
const LONG = 16;

/** Cuts a stream of bytes into JSON texts, which follow each other without a separator. */
export class JsonTexts {
  readonly #limits: MessageLimits;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  #digits = 0;
  #hasLongNumbers = false;

  constructor(limits: MessageLimits = MESSAGE_LIMITS) {
    this.#limits = limits;
  }

  /**
   * Returns the texts that a part of the stream ends.
   *
   * @throws RangeError for what is too large, too deep, or not the beginning of a message
   */
  *feed(part: Buffer): Generator<JsonText> {
    let from = 0;
    for (let at = 0; at < part.length; at++) {
      if (this.#depth === 0) from = at;
      if (!this.#endsAt(part[at] ?? 0)) continue;
      yield this.#take(part.subarray(from, at + 1));
      from = at + 1;
    }
    if (this.#depth > 0) this.#keep(part.subarray(from));
  }

  /** Goes on by one byte. @returns true if it is the last one of a text */
  #endsAt(byte: number): boolean {
    if (this.#isText) return this.#inText(byte);
    this.#count(byte);
    if (OPENING.has(byte)) this.#open();
    else if (CLOSING.has(byte) && this.#depth > 0) return --this.#depth === 0;
    else if (this.#depth === 0 && !BLANKS.has(byte)) throw new RangeError('something other than a JSON message');
    else this.#isText = byte === QUOTE;
    return false;
  }

  #inText(byte: number): false {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isText = false;
    return false;
  }

  #count(byte: number): void {
    this.#digits = byte >= ZERO && byte <= NINE ? this.#digits + 1 : 0;
    if (this.#digits >= LONG) this.#hasLongNumbers = true;
  }

  #open(): void {
    this.#depth++;
    if (this.#depth > this.#limits.depth) throw new RangeError(`a message deeper than ${this.#limits.depth} levels`);
  }

  #keep(part: Buffer): void {
    this.#keptBytes += part.length;
    if (this.#keptBytes > this.#limits.bytes) throw new RangeError(`a message of over ${this.#limits.bytes} bytes`);
    this.#kept.push(part);
  }

  #take(end: Buffer): JsonText {
    this.#keep(end);
    const text = Buffer.concat(this.#kept).toString('utf8');
    const hasLongNumbers = this.#hasLongNumbers;
    this.#kept = [];
    this.#keptBytes = 0;
    this.#hasLongNumbers = false;
    return { text, hasLongNumbers };
  }
}
