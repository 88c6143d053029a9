/** An answer that does not have the form that the protocol gives it. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}
