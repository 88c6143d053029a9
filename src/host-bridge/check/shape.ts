import { isRecord } from '../../schema/values.js';
import { inside, type Report } from './context.js';

/**
 * Looks at data that can come from anywhere (JSON, plain JavaScript): reports what has a wrong type, and returns the
 * value without its unusable parts, so that the rules can rely on types.
 */
export interface Shape<T> {
  (value: unknown, path: string, report: Report): T | undefined;
  /** What it takes, as data. */
  readonly facts: ShapeFacts;
}

/** What a shape takes. */
export type ShapeFacts =
  | { readonly kind: 'simple'; readonly type: 'string' | 'boolean' | 'number' | 'integer' }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'list'; readonly item: Shape<unknown> }
  | { readonly kind: 'either'; readonly plain: Shape<unknown>; readonly nested: Shape<unknown> }
  | {
      readonly kind: 'object';
      readonly fields: Readonly<Record<string, Shape<unknown>>>;
      readonly required: readonly string[];
    }
  | { readonly kind: 'variants'; readonly shapes: Readonly<Record<string, Shape<unknown>>> };

const shape = <T>(facts: ShapeFacts, check: (...given: Parameters<Shape<T>>) => T | undefined): Shape<T> =>
  Object.assign(check, { facts });

function shown(value: unknown): string {
  try {
    return JSON.stringify(value)?.slice(0, 60) ?? typeof value;
  } catch {
    return typeof value; // JSON has no words for a bigint, and objects may bring a method of their own that fails
  }
}

const lastKey = (path: string): string => path.slice(path.lastIndexOf('.') + 1) || 'the bridge';

function invalid(expected: string, value: unknown, path: string, report: Report): undefined {
  report('HB_PROPERTY_INVALID', path, { property: lastKey(path), expected, value: shown(value) });
  return undefined;
}

const simple = <T>(facts: ShapeFacts, expected: string, accepts: (value: unknown) => value is T): Shape<T> =>
  shape(facts, (value, path, report) => (accepts(value) ? value : invalid(expected, value, path, report)));

/** Any text. */
export const text: Shape<string> = simple(
  { kind: 'simple', type: 'string' },
  'text',
  (value): value is string => typeof value === 'string',
);
/** True or false. */
export const bool: Shape<boolean> = simple(
  { kind: 'simple', type: 'boolean' },
  'true or false',
  (value): value is boolean => typeof value === 'boolean',
);
/** A number with or without a fraction. */
export const number: Shape<number> = simple({ kind: 'simple', type: 'number' }, 'a number', (value): value is number =>
  Number.isFinite(value),
);
/** A whole number. */
export const whole: Shape<number> = simple(
  { kind: 'simple', type: 'integer' },
  'a whole number',
  (value): value is number => Number.isSafeInteger(value),
);

/** Accepts one of a closed set of words. */
export const word = <const T extends string>(...words: readonly T[]): Shape<T> =>
  simple({ kind: 'word', words }, `one of ${words.join(', ')}`, (value): value is T =>
    words.some((one) => one === value),
  );

/** A list of values of one shape. */
export const list = <T>(item: Shape<T>): Shape<readonly T[]> =>
  shape({ kind: 'list', item }, (value, path, report) =>
    Array.isArray(value)
      ? value.flatMap((one, i) => {
          const clean = item(one, `${path}[${i}]`, report);
          return clean === undefined ? [] : [clean];
        })
      : invalid('a list', value, path, report),
  );

/** Accepts one of two shapes: the first for text and numbers, the second for objects. */
export const either = <A, B>(plain: Shape<A>, nested: Shape<B>): Shape<A | B> =>
  shape<A | B>({ kind: 'either', plain, nested }, (value, path, report) =>
    isRecord(value) ? nested(value, path, report) : plain(value, path, report),
  );

/** The shapes of an object's properties; the compiler holds them and the interface together. */
export type Fields<T> = { readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> };

/** An object. One that lacks a required property is of no use. */
export const object = <T extends object>(
  fields: Fields<NoInfer<T>>,
  required: readonly (keyof T & string)[] = [],
): Shape<T> =>
  shape({ kind: 'object', fields, required }, (value, path, report) => {
    if (!isRecord(value)) return invalid('an object', value, path, report);
    reportUnknown(value, fields, path, report);
    const clean: Record<string, unknown> = {};
    for (const [key, shape] of Object.entries<Shape<unknown>>(fields)) {
      const item = value[key] === undefined ? undefined : shape(value[key], inside(path, key), report);
      if (item !== undefined) clean[key] = item;
    }
    const missing = required.filter((key) => clean[key] === undefined);
    for (const key of missing)
      if (value[key] === undefined) report('HB_PROPERTY_MISSING', inside(path, key), { property: key });
    // Each property went through the shape of its own type, and none that is required is missing.
    return missing.length > 0 ? undefined : (clean as T);
  });

function reportUnknown(value: object, fields: object, path: string, report: Report): void {
  for (const key of Object.keys(value))
    if (!Object.hasOwn(fields, key)) report('HB_PROPERTY_UNKNOWN', inside(path, key), { property: key });
}

/** Accepts objects that differ by their `type`. */
export const variants = <T extends { readonly type: string }>(
  shapes: {
    readonly [K in T['type']]: Shape<Extract<T, { readonly type: K }>>;
  },
): Shape<T> => {
  const byType: Readonly<Record<string, Shape<T>>> = shapes;
  return shape({ kind: 'variants', shapes: byType }, (value, path, report) => {
    const type = isRecord(value) ? value['type'] : undefined;
    const one = typeof type === 'string' && Object.hasOwn(byType, type) ? byType[type] : undefined;
    if (one !== undefined) return one(value, path, report);
    if (!isRecord(value)) return invalid('an object', value, path, report);
    return invalid(`one of ${Object.keys(shapes).join(', ')}`, type, inside(path, 'type'), report);
  });
};
