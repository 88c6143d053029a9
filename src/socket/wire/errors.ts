/** libvirt's own refusal. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** Number in `virErrorNumber`. */
  readonly number: number;

  constructor(number: number, message: string) {
    super(message);
    this.number = number;
  }
}

/** The connection has ended. */
export class Lost extends Error {
  override readonly name = 'Lost';
  /** True if the call was on its way, so that the daemon may have carried it out. */
  readonly wasSent: boolean;

  constructor(message: string, wasSent: boolean) {
    super(message);
    this.wasSent = wasSent;
  }
}

/** No connection could be made. */
export class NoConnection extends Error {
  override readonly name = 'NoConnection';
}
