/** One difference between two networks. */
export interface Change {
  /** Property path, such as `ips[0].dhcp.hosts[2].name`. */
  readonly path: string;
  /** The value before; absent when it is new. */
  readonly from?: unknown;
  /** The value after; absent when it is gone. */
  readonly to?: unknown;
}

/**
 * Lists where two plain values differ, in the order of the first. Items of lists are matched by what
 * identifies them, so that one more item in front is one difference and not many.
 */
export function differences(from: unknown, to: unknown, path = ''): Change[] {
  if (Array.isArray(from) && Array.isArray(to)) return listDifferences(from, to, path);
  if (isObject(from) && isObject(to)) return objectDifferences(from, to, path);
  return Object.is(from, to) ? [] : [change(path, from, to)];
}

const change = (path: string, from: unknown, to: unknown): Change => ({
  path,
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function objectDifferences(
  from: Readonly<Record<string, unknown>>,
  to: Readonly<Record<string, unknown>>,
  path: string,
): Change[] {
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...keys].flatMap((key) => differences(from[key], to[key], path === '' ? key : `${path}.${key}`));
}

/** Items with the same identity are compared; the others are gone or new. Paths count as in the list they name. */
function listDifferences(from: readonly unknown[], to: readonly unknown[], path: string): Change[] {
  const left = new Map<string, number[]>();
  to.forEach((item, i) => {
    const key = identityOf(item);
    left.set(key, [...(left.get(key) ?? []), i]);
  });
  const changes: Change[] = [];
  const unmatched: number[] = [];
  from.forEach((item, i) => {
    const match = left.get(identityOf(item))?.shift();
    if (match === undefined) unmatched.push(i);
    else changes.push(...differences(item, to[match], `${path}[${i}]`));
  });
  const added = [...left.values()].flat().sort((a, b) => a - b);
  return [...changes, ...leftOver(from, to, unmatched, added, path)];
}

/** What has no partner by identity: a change in place where both sides have one there, else gone or new. */
function leftOver(
  from: readonly unknown[],
  to: readonly unknown[],
  gone: readonly number[],
  added: readonly number[],
  path: string,
): Change[] {
  const sameLength = from.length === to.length;
  const changes = gone.map((i) =>
    sameLength && added.includes(i)
      ? differences(from[i], to[i], `${path}[${i}]`)
      : [change(`${path}[${i}]`, from[i], undefined)],
  );
  const rest = added.filter((i) => !(sameLength && gone.includes(i)));
  return [...changes.flat(), ...rest.map((i) => change(`${path}[${i}]`, undefined, to[i]))];
}

const KEYS = ['ip', 'address', 'start', 'name', 'dev', 'id', 'service', 'addr', 'domain', 'value'];

function identityOf(item: unknown): string {
  if (!isObject(item)) return JSON.stringify(item);
  const key = KEYS.find((name) => typeof item[name] === 'string' || typeof item[name] === 'number');
  return key === undefined ? JSON.stringify(item) : `${key}=${String(item[key])}`;
}
