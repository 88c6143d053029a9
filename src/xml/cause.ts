/** A cause that explains why a text cannot be read. */
export interface Cause {
  /** Says it, where the parser's own words would mislead. */
  readonly message?: string;
  readonly hint: string;
  /** How far after the place it is. Default: 0. */
  readonly offset?: number;
}

/** A text and the place where it cannot be read. */
export interface Failure {
  readonly source: string;
  /** The source from the place on, as far as a person would look. */
  readonly rest: string;
  /** What comes before the place, as far as a person would look. */
  readonly before: string;
  /** The line that holds the place. */
  readonly line: string;
  /** What the source begins with, without blanks. */
  readonly head: string;
}

/** Recognizes one cause, by what is around the place of a failure. */
export type Look = (failure: Failure) => Cause | undefined;

/** A look for a cause that always has the same words. */
export const when =
  (isCause: (failure: Failure) => boolean, hint: string, message?: string): Look =>
  (failure) =>
    isCause(failure) ? { hint, ...(message === undefined ? {} : { message }) } : undefined;

/** Tells whether reading stopped at the very beginning of the text. */
export const isBeforeRoot = ({ source, rest }: Failure): boolean =>
  source.trimStart().startsWith(rest.trimStart().slice(0, 40));
