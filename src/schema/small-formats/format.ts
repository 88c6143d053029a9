import { type Issue, ValidationError } from '../../errors/index.js';
import { printXml } from '../../xml/write.js';
import type { ElementTable } from '../element.js';
import { encode } from '../encode.js';
import { pathKeys } from '../path.js';
import { NEWEST_RELEASE, type ReleaseOption } from '../release.js';
import { type AnyFound, type ForeignReporter, foreignReporter } from '../rules/context.js';
import { releaseFindings, releaseOf } from '../rules/index.js';
import { inspect } from '../rules/inspect.js';
import { issueOf } from '../rules/issue.js';
import { documentOrder } from '../rules/order.js';

/** Facts for reading, checking and writing one of the small formats beside `<network>`. */
export interface SmallFormat<T> {
  readonly table: ElementTable<T>;
  /** Reports the rules that a value of the right shape breaks. */
  check(value: T, context: ForeignReporter): void;
  /** The value as libvirt holds it: defaults filled in, what means nothing dropped. */
  canonical(value: T): T;
  /** Tells whether libvirt looks at a part at all, given by its keys; the tables read all parts. */
  looksAt(keys: readonly (string | number)[], value: T): boolean;
}

/** Every rule that a value breaks in the parts that libvirt looks at, in document order. */
export function checkCompanion<T>(
  { table, check, looksAt }: SmallFormat<T>,
  value: T,
  options: ReleaseOption,
): Issue[] {
  const found: AnyFound[] = [];
  const context = foreignReporter(releaseOf(options), found);
  // Every property of the copy has the type that its table says.
  const clean = inspect(table, value, undefined, context) as unknown as T;
  check(clean, context);
  return [...releaseFindings(options), ...found.filter(({ path }) => looksAt(pathKeys(path), clean))]
    .sort(documentOrder(table))
    .map((one) => issueOf(one));
}

/** The value as text, as libvirt prints it; throws {@link ValidationError} when it breaks rules. */
export function writeCompanion<T>(companion: SmallFormat<T>, value: T, options: ReleaseOption): string {
  const errors = checkCompanion(companion, value, options).filter((issue) => issue.severity === 'error');
  if (errors.length > 0) throw new ValidationError(companion.table.tag, errors);
  return printCompanion(companion, value, options);
}

/** The value as text, as libvirt prints it. Checks nothing. */
export const printCompanion = <T>({ table, canonical }: SmallFormat<T>, value: T, { libvirt }: ReleaseOption): string =>
  printXml(encode(table, canonical(value), libvirt ?? NEWEST_RELEASE));
