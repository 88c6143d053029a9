/** An entry of the package. */
export interface Entry {
  /** The name that programs import. */
  readonly name: string;
  /** File in `dist`, without extension. */
  readonly file: string;
  readonly source: string;
  /** Its declarations. */
  readonly types: string;
}
export declare const entries: readonly Entry[];
