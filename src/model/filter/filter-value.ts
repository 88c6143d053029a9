import { type Issue, LibvirtError } from '../../errors/index.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import {
  assertDocument,
  comparableDocument,
  type FilterFormat,
  inspectText,
  issuesOf,
  printDocument,
  storedDocument,
} from '../../schema/nwfilter/format.js';
import { RELEASE_OPTION, type ReadingOptions, type ReleaseOption } from '../../schema/release.js';
import { expectObject } from '../argument.js';
import { type Change, differences } from '../diff.js';
import { frozenCopy } from '../frozen.js';

/** Options of {@link FilterValue.toXml}. */
export interface FilterXmlOptions extends ReleaseOption {
  /** `false` prints what libvirt would refuse. Default: true. */
  readonly check?: boolean;
}

const PRINT_OPTIONS: OptionNames<FilterXmlOptions> = { ...RELEASE_OPTION, check: true };

/** A text that was read, for positions of problems. */
export interface FilterSource {
  readonly text: string;
  readonly options: ReadingOptions;
}

/** What {@link NwFilter} and {@link FilterBinding} have in common: an immutable value, independent of any host. */
export abstract class FilterValue<T extends object> {
  /** The value as plain data, deeply frozen. */
  declare readonly document: T;
  readonly #format: FilterFormat<T>;
  readonly #source: FilterSource | undefined;

  /** @internal */
  protected constructor(format: FilterFormat<T>, document: T, source?: FilterSource) {
    expectObject(document, format.table.tag);
    Object.defineProperty(this, 'document', { value: frozenCopy(document), enumerable: true });
    this.#format = format;
    this.#source = source;
  }

  /** Makes a value of the same class. */
  protected abstract copyWith(document: T): this;

  /**
   * Lists all problems, and everything that libvirt would drop or misread, in document order, with line and column for a
   * value that was read from text.
   *
   * @param options - the libvirt release to judge by
   * @throws `LibvirtError` code `INVALID_ARGUMENT` for text that is not a release
   */
  validate(options: ReleaseOption = {}): readonly Issue[] {
    const release = optionsOf(options, RELEASE_OPTION, 'validate');
    const source = this.#source;
    if (source === undefined) return issuesOf(this.#format, this.document, release);
    return inspectText(this.#format, source.text, { ...source.options, ...release }).issues;
  }

  /**
   * The value as XML, as libvirt prints it, with unknown parts of a text that was read.
   *
   * @param options - the libvirt release to print for, and whether to check
   * @throws `ValidationError` with everything that libvirt would refuse by the time of `define`
   */
  toXml(options: FilterXmlOptions = {}): string {
    const { check, ...release } = optionsOf(options, PRINT_OPTIONS, 'toXml');
    if (check !== false) assertDocument(this.#format, this.document, release);
    return printDocument(this.#format, this.document, release);
  }

  /**
   * Returns the value as libvirt keeps it: with its defaults, without what it drops, also where that changes what is filtered.
   *
   * @param options - the libvirt release
   * @throws `ValidationError` as `toXml`
   */
  asStored(options: ReleaseOption = {}): this {
    const release = optionsOf(options, RELEASE_OPTION, 'asStored');
    return this.copyWith(storedDocument(this.#format, this.document, release));
  }

  /**
   * Tells whether two values have the same effect in libvirt: the spelling of values and libvirt's own defaults do not count,
   * the order of rules does.
   */
  equals(other: FilterValue<T>): boolean {
    return this.diff(other).length === 0;
  }

  /** Lists the changes from this value to another that count for `equals`. */
  diff(other: FilterValue<T>): readonly Change[] {
    if (!(other instanceof FilterValue) || other.#format.table !== this.#format.table)
      throw new LibvirtError('INVALID_ARGUMENT', `diff needs another ${this.#format.table.tag}`, {
        hint: 'read a text with parse, and data with from',
      });
    return differences(
      comparableDocument(this.#format, this.document),
      comparableDocument(this.#format, other.document),
    );
  }

  /** The class and the name. */
  abstract toString(): string;

  /** The value as plain data. */
  toJSON(): T {
    return this.document;
  }
}
