/**
 * A record without inherited properties, so that a name such as `__proto__` or `toString` is just a name.
 * Made by a constructor with an empty prototype, since engines keep such objects fast, unlike those of
 * `Object.create(null)`.
 */
export function emptyRecord<T>(): Record<string, T> {
  return new Empty();
}

const Empty = /* @__PURE__ */ makeEmpty();

function makeEmpty(): new () => Record<string, never> {
  function Constructor() {}
  Constructor.prototype = Object.create(null);
  return Constructor as unknown as new () => Record<string, never>; // a function made to be called with new
}
