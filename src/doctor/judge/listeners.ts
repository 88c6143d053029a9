/** A socket that a program of the host listens on. */
export interface Listener {
  readonly address: string;
  /** The device that it is bound to; none for all. */
  readonly device: string | undefined;
  readonly port: number;
  readonly program: string | undefined;
  /** The line of `ss`. */
  readonly line: string;
}

/** Reads what `ss -H -lnp` prints. */
export const listenersIn = (text: string): readonly Listener[] =>
  text.split('\n').flatMap((line) => {
    const local = line.trim().split(/\s+/)[3];
    const [, address, device, port] = /^(.*?)(?:%([^:\]]+))?\]?:(\d+)$/.exec(local ?? '') ?? [];
    if (address === undefined || port === undefined) return [];
    const whole = address.startsWith('[') ? `${address}${address.endsWith(']') ? '' : ']'}` : address;
    return [
      { address: whole, device, port: Number(port), program: /users:\(\("([^"]+)"/.exec(line)?.[1], line: line.trim() },
    ];
  });

/** Tells whether anybody listens on an address and port. */
export const listensOn = (all: readonly Listener[], wanted: string, port: number): boolean =>
  all.some((one) => one.port === port && [wanted, '0.0.0.0', '*', '[::]'].includes(one.address));
