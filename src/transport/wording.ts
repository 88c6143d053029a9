/** Words of an operation, for messages. */
export interface Wording {
  /** The verb phrase of the operation, to be followed by the name. */
  readonly what: string;
  /** True if it changes the host, so that ending it may come too late. */
  readonly changes?: true;
}
