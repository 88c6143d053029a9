export {
  isElement,
  textOf,
  type XmlComment,
  type XmlDocument,
  type XmlElement,
  type XmlInstruction,
  type XmlNode,
  type XmlText,
} from './node.js';
export { type AttributeSpan, attributeSpans, Lines, type Position } from './position.js';
export { type ReadXmlOptions, readXml } from './read.js';
export type { Vocabulary } from './typo-hints.js';
export { type WriteXmlOptions, writeXml } from './write.js';
