import type { AnyNetwork } from '../model/network.js';
import type { HostInterface } from '../schema/interface.js';
import type { NetworkDocument } from '../schema/network/network.js';
import type { NetworkPort } from '../schema/networkport.js';
import type { XmlElement } from '../xml/node.js';

import type { DumpedDefinition, ReadResult, UnreadableOptions } from './state/definition.js';

// The texts that a daemon sends and receives. The XML reader and the format load with the first text that needs them, so
// that a program that only connects starts without them.

/** Reads a `<network>`. */
export const readNetwork = async (xml: string): Promise<AnyNetwork> =>
  (await import('./state/definition.js')).parseDump(xml);

/** Reads a `<network>`, or says why it cannot be read. */
export const readDefinition = async (xml: string): Promise<ReadResult> =>
  (await import('./state/definition.js')).tryDump(xml);

/** Reads a definition that is to be changed. */
export const readForChange = async (
  definition: DumpedDefinition,
  options: UnreadableOptions,
): Promise<NetworkDocument> => (await import('./state/definition.js')).readForChange(definition, options);

/** Reads a `<networkport>`. */
export const readPort = async (xml: string): Promise<NetworkPort> =>
  (await import('../schema/small-formats/read.js')).readNetworkPort(xml, { unknownWords: 'keep' });

/** Reads an `<interface>` of the host. */
export const readHostInterface = async (xml: string): Promise<HostInterface> =>
  (await import('../schema/small-formats/read.js')).readHostInterface(xml);

/** Reads an element of any kind. */
export const readElement = async (xml: string): Promise<XmlElement> =>
  (await import('../xml/read.js')).readXml(xml).root;

/** Prints a `<networkport>`. */
export const writePort = async (port: NetworkPort): Promise<string> =>
  (await import('../schema/small-formats/networkport.js')).writeNetworkPort(port);
