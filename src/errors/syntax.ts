import { type ErrorDetails, LibvirtError } from './base.js';

/** The text is not well-formed XML, or uses what is refused for safety (DOCTYPE, unknown entities). Code `XML_SYNTAX`. */
export class XmlSyntaxError extends LibvirtError {
  /** Line in the source text, from 1. */
  readonly line: number;
  /** Column in UTF-16 units, from 1. */
  readonly column: number;

  /**
   * @param message - what is wrong, without the position
   * @param position - where, both from 1
   * @param details - hint and cause, where known
   */
  constructor(
    message: string,
    position: { readonly line: number; readonly column: number },
    details: ErrorDetails = {},
  ) {
    super('XML_SYNTAX', `line ${position.line}, column ${position.column}: ${message}`, details);
    this.line = position.line;
    this.column = position.column;
  }

  protected override get className(): string {
    return 'XmlSyntaxError';
  }
}
