import { Duplex } from 'node:stream';
import type { Stream } from '../../dial/stream.js';

/** One end of a connection within this program: what is written to it comes out of the other end. */
class End extends Duplex {
  other: End | undefined;

  override _read(): void {}

  override _write(part: Buffer, _encoding: string, done: () => void): void {
    const { other } = this;
    setImmediate(() => {
      if (other !== undefined && !other.destroyed) other.push(part);
      done();
    });
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { other } = this;
    setImmediate(() => other?.destroy());
    done(error);
  }
}

/** Both ends of a connection within this program. When one is destroyed, the other is. */
export function streamPair(): readonly [Stream, Stream] {
  const [one, other] = [new End(), new End()];
  one.other = other;
  other.other = one;
  return [one, other];
}
