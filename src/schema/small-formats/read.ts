import { optionsOf } from '../../options/options.js';
import { readXml } from '../../xml/read.js';
import type { HostInterface } from '../interface.js';
import type { NetworkPort } from '../networkport.js';
import { READING_OPTIONS, type ReadingOptions } from '../release.js';
import { vocabularyOf } from '../vocabulary.js';
import type { SmallFormat } from './format.js';
import { hostInterfaceFormat } from './interface.js';
import { networkPortFormat } from './networkport.js';
import { readFormat } from './read-format.js';

const read = <T>(format: SmallFormat<T>, source: string, options: ReadingOptions): T =>
  readFormat(format, readXml(source, { vocabulary: vocabularyOf(format.table) }), options);

/**
 * Reads a `<networkport>` text as libvirt's own parser would.
 *
 * @param source - the text, as `virsh net-port-dumpxml` prints it
 * @param options - the libvirt release to read as, and what happens to words that this library does not know
 * @throws {@link XmlSyntaxError} code `XML_SYNTAX` when the text is not XML
 * @throws {@link ValidationError} code `VALIDATION` with everything that libvirt's parser refuses, with positions
 */
export const readNetworkPort = (source: string, options: ReadingOptions = {}): NetworkPort =>
  read(networkPortFormat, source, optionsOf(options, READING_OPTIONS, 'readNetworkPort'));

/**
 * Reads an `<interface>` text as libvirt's own parser would.
 *
 * @param source - the text, as `virsh iface-dumpxml` prints it
 * @param options - the libvirt release to read as, and what happens to words that this library does not know
 * @throws {@link XmlSyntaxError} code `XML_SYNTAX` when the text is not XML
 * @throws {@link ValidationError} code `VALIDATION` with everything that libvirt's parser refuses, with positions
 */
export const readHostInterface = (source: string, options: ReadingOptions = {}): HostInterface =>
  read(hostInterfaceFormat, source, optionsOf(options, READING_OPTIONS, 'readHostInterface'));
