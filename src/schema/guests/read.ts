import type { Issue } from '../../errors/index.js';
import type { XmlDocument, XmlElement } from '../../xml/node.js';
import { encode } from '../encode.js';
import type { ReadingOptions } from '../release.js';
import { decodeFormat, inspectFormat, readFormat } from '../small-formats/read-format.js';
import { vocabularyOf } from '../vocabulary.js';
import { type NicFormat, networkNicFormat } from './format.js';
import { type NicDocument, type NicKind, networkNicTable, type OtherNicDocument, type UserNicDocument } from './nic.js';
import {
  bridgeNicFormat,
  clientNicFormat,
  directNicFormat,
  ethernetNicFormat,
  hostdevNicFormat,
  internalNicFormat,
  multicastNicFormat,
  nullNicFormat,
  otherNicFormat,
  serverNicFormat,
  udpNicFormat,
  userNicFormat,
  vdpaNicFormat,
  vdsNicFormat,
  vhostUserNicFormat,
} from './other-formats.js';

/** The formats of all types of `<interface>`; their order is that of libvirt. */
const FORMATS: Readonly<Record<NicKind, NicFormat<NicDocument>>> = {
  network: networkNicFormat,
  bridge: bridgeNicFormat,
  direct: directNicFormat,
  ethernet: ethernetNicFormat,
  user: userNicFormat,
  vhostuser: vhostUserNicFormat,
  vdpa: vdpaNicFormat,
  hostdev: hostdevNicFormat,
  internal: internalNicFormat,
  udp: udpNicFormat,
  server: serverNicFormat,
  client: clientNicFormat,
  mcast: multicastNicFormat,
  null: nullNicFormat,
  vds: vdsNicFormat,
  other: otherNicFormat,
};

const isKind = (type: string): type is NicKind => Object.hasOwn(FORMATS, type);

/** The format of an `<interface>`; `user` is libvirt's own default. */
function formatOf({ attributes }: XmlElement): NicFormat<NicDocument> {
  const { type = 'user' } = attributes;
  return isKind(type) ? FORMATS[type] : otherNicFormat;
}

/** Words for hints about misspelt tags. */
export const NIC_VOCABULARY = /* @__PURE__ */ vocabularyOf(networkNicTable);

/**
 * Reads an `<interface>` of a domain as libvirt's own parser would.
 *
 * @param tree - the text and how it was read; its root is the `<interface>`
 * @param options - the libvirt release to read as, and what happens to words that this library does not know
 * @throws {@link ValidationError} with everything that libvirt's parser refuses
 */
export const readNic = (tree: XmlDocument, options: ReadingOptions): NicDocument =>
  readFormat(formatOf(tree.root), tree, options);

/** Lists everything that is wrong with an `<interface>`, with positions. */
export const inspectNic = (tree: XmlDocument, options: ReadingOptions): readonly Issue[] =>
  inspectFormat(formatOf(tree.root), tree, options).issues;

/** Reads an `<interface>` as far as it can be read; {@link inspectNic} lists the rest. */
export const readWhatIsThere = (tree: XmlDocument, options: ReadingOptions): NicDocument =>
  decodeFormat(formatOf(tree.root), tree, options).value;

/** The element that a document describes, as it says it: nothing filled in, and nothing dropped but what is newer than the release. */
export const elementOf = (nic: NicDocument, release?: string): XmlElement =>
  encode(FORMATS[nic.type ?? (isOtherNic(nic) ? 'other' : 'user')].table, nic, release);

/** Tells whether a document is of a type that its reader did not know, which is kept beside what it knew. */
export const isOtherNic = (nic: UserNicDocument | OtherNicDocument): nic is OtherNicDocument =>
  nic.extra?.attributes?.['type'] !== undefined;
