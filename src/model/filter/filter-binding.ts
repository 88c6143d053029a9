import { optionsOf } from '../../options/options.js';
import type { FilterBindingDocument } from '../../schema/nwfilter/binding.js';
import { filterBindingFormat } from '../../schema/nwfilter/binding-format.js';
import { readText } from '../../schema/nwfilter/format.js';
import { READING_OPTIONS, type ReadingOptions } from '../../schema/release.js';
import { type FilterSource, FilterValue } from './filter-value.js';

/**
 * `<filterbinding>` of libvirt: a filter in force on one NIC of a guest. libvirt makes one for each running NIC that names a
 * filter. An immutable value; since libvirt 4.5.0.
 */
export class FilterBinding extends FilterValue<FilterBindingDocument> {
  /** @internal */
  constructor(document: FilterBindingDocument, source?: FilterSource) {
    super(filterBindingFormat, document, source);
  }

  /**
   * Reads a `<filterbinding>` document as libvirt's own parser would.
   *
   * @param xml - the text, as `virsh nwfilter-binding-dumpxml` prints it or as people write it
   * @param options - the libvirt release to read as, and what to do with unknown words
   * @throws {@link XmlSyntaxError} when the text is not well-formed XML
   * @throws {@link ValidationError} with everything that libvirt's parser refuses
   */
  static parse(xml: string, options: ReadingOptions = {}): FilterBinding {
    const known = optionsOf(options, READING_OPTIONS, 'FilterBinding.parse');
    return new FilterBinding(readText(filterBindingFormat, xml, known), { text: xml, options: known });
  }

  /**
   * Returns the binding for a document. It checks nothing.
   *
   * @param document - is copied
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is not an object, or contains itself
   */
  static from(document: FilterBindingDocument): FilterBinding {
    return new FilterBinding(document);
  }

  protected override copyWith(document: FilterBindingDocument): this {
    return new FilterBinding(document) as this; // the class has no children
  }

  /** The NIC's device on the host, such as `vnet0`. */
  get device(): string {
    return this.document.portdev.name;
  }

  /** The name of the filter. */
  get filter(): string {
    return this.document.filterref.filter;
  }

  /** The class and the device: `FilterBinding vnet0`. */
  toString(): string {
    return `FilterBinding ${this.device}`;
  }
}
