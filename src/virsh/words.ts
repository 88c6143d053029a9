import type { Copies } from '../transport/op.js';

/** The words of a virsh command, and the document that it reads. */
export interface Words {
  readonly words: readonly string[];
  /** Text for `/dev/stdin`. */
  readonly document?: string;
}

/** File that virsh reads a document from. */
export const STDIN = '/dev/stdin';

/** A value follows `=`, so that none is taken for an option. */
export const value = (name: string, text: string | number): string => `--${name}=${text}`;

/** An option without a value, where it is wanted. */
export const flag = (name: string, wanted: boolean | undefined): string[] => (wanted === true ? [`--${name}`] : []);

/** An option with a value, where there is one. */
export const maybe = (name: string, text: string | number | undefined): string[] =>
  text === undefined ? [] : [value(name, text)];

/** The copies that a change is for. */
export const copies = ({ live, config }: Copies): string[] => [...flag('live', live), ...flag('config', config)];
