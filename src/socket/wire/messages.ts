// libvirt's messages: a length, a header, and a body. https://libvirt.org/kbase/internals/rpc.html
import { LIMITS } from './procedures.js';

/** Bytes before the body: length, program, version, procedure, type, serial and status. */
export const HEADER = 28;

/** The programs that speak over one connection. */
export const PROGRAMS = { remote: 0x20008086, keepalive: 0x6b656570 } as const;
export const TYPES = { call: 0, reply: 1, event: 2 } as const;
export const STATUS = { ok: 0, error: 1 } as const;
export const KEEPALIVE = { ping: 1, pong: 2 } as const;

/** What the header says. */
export interface Header {
  readonly program: number;
  readonly procedure: number;
  readonly type: number;
  readonly serial: number;
  readonly status: number;
}

/** Writes the header of a message into the room that was left for it. @returns the message */
export function withHeader(message: Buffer, { program, procedure, type, serial, status }: Header): Buffer {
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(program, 4);
  message.writeUInt32BE(1, 8);
  message.writeInt32BE(procedure, 12);
  message.writeInt32BE(type, 16);
  message.writeUInt32BE(serial, 20);
  message.writeInt32BE(status, 24);
  return message;
}

/** Reads the header of a whole message. */
export const headerOf = (message: Buffer): Header => ({
  program: message.readUInt32BE(4),
  procedure: message.readInt32BE(12),
  type: message.readInt32BE(16),
  serial: message.readUInt32BE(20),
  status: message.readInt32BE(24),
});

/** The answer to a ping. */
export const pong = (): Buffer =>
  withHeader(Buffer.alloc(HEADER), {
    program: PROGRAMS.keepalive,
    procedure: KEEPALIVE.pong,
    type: TYPES.event,
    serial: 0,
    status: STATUS.ok,
  });

/** Cuts a stream of bytes into messages. Nothing is allocated by a length that was not checked. */
export class MessageSplitter {
  #parts: Buffer[] = [];
  #have = 0;
  #want = 4;

  /**
   * Takes bytes as they come.
   *
   * @returns the messages that are whole now
   * @throws RangeError for a length that no message has
   */
  *feed(part: Buffer): Generator<Buffer> {
    this.#parts.push(part);
    this.#have += part.length;
    while (this.#have >= this.#want) {
      const all = this.#joined();
      if (this.#want === 4) this.#want = lengthIn(all);
      if (this.#have < this.#want) return;
      yield all.subarray(0, this.#want);
      this.#keep(all.subarray(this.#want));
    }
  }

  #joined(): Buffer {
    const all = this.#parts.length === 1 && this.#parts[0] !== undefined ? this.#parts[0] : Buffer.concat(this.#parts);
    this.#parts = [all];
    return all;
  }

  #keep(rest: Buffer): void {
    this.#parts = rest.length === 0 ? [] : [rest];
    this.#have = rest.length;
    this.#want = 4;
  }
}

function lengthIn(bytes: Buffer): number {
  const length = bytes.readUInt32BE(0);
  if (length >= HEADER && length <= LIMITS.message + 4) return length;
  throw new RangeError(`a message of ${length} bytes`);
}
