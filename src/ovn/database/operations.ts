import type { OvsdbRow, OvsdbRowInput, OvsdbValueInput } from '../../ovn-model/values.js';

/** A condition on a column: all conditions of a list must hold. */
export type OvsdbCondition = readonly [
  column: string,
  test: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'includes' | 'excludes',
  value: OvsdbValueInput,
];

/** Rows of a table: those for which all conditions hold, or all rows. */
export type OvsdbWhere = 'all' | readonly [OvsdbCondition, ...OvsdbCondition[]];

/**
 * A change of a column. `insert` and `delete` change single items of sets and maps; `insert` leaves a key of a map as it is where
 * there is one, so a new value takes a `delete` of the key first. `delete` takes the keys of a map, or whole pairs.
 */
export type OvsdbMutation = readonly [
  column: string,
  mutator: 'insert' | 'delete' | '+=' | '-=' | '*=' | '/=' | '%=',
  value: OvsdbValueInput,
];

/** One operation of a transaction. Source: RFC 7047, section 5.2. */
export type OvsdbOperation =
  | {
      readonly op: 'insert';
      readonly table: string;
      readonly row: OvsdbRowInput;
      /** Name by which other operations of the transaction refer to the row: letters, digits and underscores. */
      readonly uuidName?: string | undefined;
      /** The uuid that the row gets; since Open vSwitch 2.17. Default: the server makes one. */
      readonly uuid?: string | undefined;
    }
  | {
      readonly op: 'select';
      readonly table: string;
      readonly where: OvsdbWhere;
      /** Default: all columns. */
      readonly columns?: readonly string[] | undefined;
    }
  | { readonly op: 'update'; readonly table: string; readonly where: OvsdbWhere; readonly row: OvsdbRowInput }
  | {
      readonly op: 'mutate';
      readonly table: string;
      readonly where: OvsdbWhere;
      readonly mutations: readonly [OvsdbMutation, ...OvsdbMutation[]];
    }
  | { readonly op: 'delete'; readonly table: string; readonly where: OvsdbWhere }
  | {
      /** Has the transaction fail unless rows are, or are not, as they are given. */
      readonly op: 'wait';
      readonly table: string;
      readonly where: OvsdbWhere;
      readonly columns: readonly string[];
      readonly until: '==' | '!=';
      /** The rows with these columns; empty for none. */
      readonly rows: readonly OvsdbRowInput[];
      /** How long the server waits for it, in milliseconds. 0 has it look once. */
      readonly timeoutMs: number;
    }
  /** Has the transaction fail unless this connection holds the lock. */
  | { readonly op: 'assert'; readonly lock: string }
  /** Writes a text into the file of the database. */
  | { readonly op: 'comment'; readonly comment: string };

/** Result of one operation. */
export interface OvsdbResult {
  /** Of an insert: the uuid of the row. */
  readonly uuid?: string;
  /** Of update, mutate and delete: how many rows it was. */
  readonly count?: number;
  /** Of a select. */
  readonly rows?: readonly OvsdbRow[];
}

/** Tells whether a transaction changes the database. */
export const changesDatabase = (operations: readonly OvsdbOperation[]): boolean =>
  operations.some(({ op }) => op !== 'select' && op !== 'wait' && op !== 'assert');
