// XDR (RFC 4506): numbers of four or eight bytes with the largest byte first, everything padded to four bytes.

/** A message that is not what the protocol says, or text that does not fit in one. */
export class XdrError extends Error {
  override readonly name = 'XdrError';
}

const padded = (length: number): number => (length + 3) & ~3;

/** Writes values one after the other; grows as needed. */
export class Writer {
  #bytes = Buffer.allocUnsafe(256);
  #at: number;

  /** @param start - bytes to leave free at the beginning, for a header */
  constructor(start: number) {
    this.#at = start;
  }

  u32(value: number): void {
    const at = this.#room(4);
    this.#bytes.writeUInt32BE(value >>> 0, at);
  }

  u64(value: bigint): void {
    const at = this.#room(8);
    this.#bytes.writeBigInt64BE(BigInt.asIntN(64, value), at);
  }

  opaque(value: Uint8Array): void {
    const at = this.#room(padded(value.length));
    this.#bytes.set(value, at);
    this.#bytes.fill(0, at + value.length, this.#at);
  }

  text(value: string, most: number): void {
    const length = Buffer.byteLength(value);
    if (length > most) throw new XdrError(`a text of ${length} bytes is longer than the protocol allows, ${most}`);
    this.u32(length);
    const at = this.#room(padded(length));
    this.#bytes.write(value, at);
    this.#bytes.fill(0, at + length, this.#at);
  }

  /** Everything that was written. */
  done(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  #room(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, at + length));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    this.#at = at + length;
    return at;
  }
}

/** Reads the values of a message. It never reads beyond the message, and checks each length before it allocates. */
export class Reader {
  readonly #bytes: Buffer;
  #at: number;

  /** @param at - where the values begin */
  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  u32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  i32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  i64(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }

  u64(): bigint {
    return this.#bytes.readBigUInt64BE(this.#take(8));
  }

  opaque(length: number): Buffer {
    const at = this.#take(padded(length));
    return this.#bytes.subarray(at, at + length);
  }

  /** The length of what follows, of which each item takes at least `size` bytes. */
  length(most: number, size: number): number {
    const length = this.u32();
    if (length > most) throw new XdrError(`a length of ${length} is more than the protocol allows, ${most}`);
    if (length * size > this.#bytes.length - this.#at) throw new XdrError('the message ends too early');
    return length;
  }

  text(most: number): string {
    return this.opaque(this.length(most, 1)).toString('utf8');
  }

  /** Bytes that were not read. */
  get rest(): number {
    return this.#bytes.length - this.#at;
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) throw new XdrError('the message ends too early');
    this.#at = at + length;
    return at;
  }
}

/** How values of a type are written and read. */
export interface Codec<T> {
  write(to: Writer, value: T): void;
  read(from: Reader): T;
  /** The fewest bytes that a value takes. */
  readonly least: number;
  /** The type in words, to be compared with libvirt's own description of its protocol. */
  readonly layout: string;
}

const codec = <T>(layout: string, least: number, write: Codec<T>['write'], read: Codec<T>['read']): Codec<T> => ({
  layout,
  least,
  write,
  read,
});

const signed = codec<number>(
  'int',
  4,
  (to, value) => to.u32(value),
  (from) => from.i32(),
);
const unsigned = codec<number>(
  'unsigned int',
  4,
  (to, value) => to.u32(value),
  (from) => from.u32(),
);
const signedLong = codec<bigint>(
  'hyper',
  8,
  (to, value) => to.u64(value),
  (from) => from.i64(),
);
const unsignedLong = codec<bigint>(
  'unsigned hyper',
  8,
  (to, value) => to.u64(value),
  (from) => from.u64(),
);

const dashed = (digits: string): string => digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
const uuid = codec<string>(
  'uuid',
  16,
  (to, value) => to.opaque(Buffer.from(value.replaceAll('-', ''), 'hex')),
  (from) => dashed(from.opaque(16).toString('hex')),
);

const nothing = codec<undefined>(
  '',
  0,
  () => {},
  () => undefined,
);

const text = (most: number): Codec<string> =>
  codec(
    `string<${most}>`,
    4,
    (to, value) => to.text(value, most),
    (from) => from.text(most),
  );

/** The `char data<N>` of libvirt's protocol: each char is a number of four bytes. */
const chars = (most: number): Codec<Uint8Array> =>
  codec(
    `char<${most}>`,
    4,
    (to, value) => {
      to.u32(value.length);
      for (const byte of value) to.u32(byte);
    },
    (from) => Uint8Array.from({ length: from.length(most, 4) }, () => from.i32() & 0xff),
  );

const maybe = <T>(one: Codec<T>): Codec<T | undefined> =>
  codec(
    `*${one.layout}`,
    4,
    (to, value) => {
      to.u32(value === undefined ? 0 : 1);
      if (value !== undefined) one.write(to, value);
    },
    (from) => (from.u32() === 0 ? undefined : one.read(from)),
  );

const list = <T>(one: Codec<T>, most: number): Codec<readonly T[]> =>
  codec(
    `${one.layout}<${most}>`,
    4,
    (to, value) => {
      to.u32(value.length);
      for (const item of value) one.write(to, item);
    },
    (from) => Array.from({ length: from.length(most, one.least) }, () => one.read(from)),
  );

interface AnyCodec {
  write(to: Writer, value: never): void;
  read(from: Reader): unknown;
  readonly least: number;
  readonly layout: string;
}

type Fields = Readonly<Record<string, AnyCodec>>;
type ValuesOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Codec<infer T> ? T : never };

/** Values one after the other, each under a name. */
const struct = <F extends Fields>(fields: F): Codec<ValuesOf<F>> => {
  const entries = Object.entries(fields);
  const least = entries.reduce((sum, [, one]) => sum + one.least, 0);
  return codec(
    `{ ${entries.map(([name, one]) => `${name} ${one.layout}`).join(', ')} }`,
    least,
    // Each value has the type of the codec under its own name.
    (to, value) => {
      for (const [name, one] of entries) one.write(to, value[name] as never);
    },
    (from) => Object.fromEntries(entries.map(([name, one]) => [name, one.read(from)])) as ValuesOf<F>,
  );
};

/** The types that the protocol is made of, under its own names. */
export const xdr = {
  int: signed,
  unsigned,
  hyper: signedLong,
  unsignedHyper: unsignedLong,
  uuid,
  nothing,
  text,
  chars,
  maybe,
  list,
  struct,
} as const;

/** The type of a codec's values. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;
