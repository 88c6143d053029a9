/** Input and output of an operation. */
export type Op<Input, Output> = { readonly input: Input; readonly output: Output };

/** Which copies of a definition a change is for. */
export interface Copies {
  /** The running one. */
  readonly live: boolean;
  /** The stored definition. */
  readonly config: boolean;
}
