/**
 * Every code that an error of this library can carry. The set is closed: adding one is a minor
 * release, removing one a major. `docs/errors.md` says for each what to do.
 */
export type ErrorCode =
  /** The document breaks rules; {@link ValidationError.issues} lists them all. */
  | 'VALIDATION'
  /** The text is not well-formed XML, or uses XML features that are refused for safety. */
  | 'XML_SYNTAX'
  /** A call got an argument that can never be right. */
  | 'INVALID_ARGUMENT'
  /** This library, or the libvirt release named in the message, cannot do what was asked. */
  | 'UNSUPPORTED';
