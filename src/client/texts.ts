import type { AnyNetwork } from '../model/network.js';
import type { HostInterface } from '../schema/interface.js';
import type { NetworkPort } from '../schema/networkport.js';
import type { XmlElement } from '../xml/node.js';

// What reads and prints the texts of a daemon loads with the first that needs it, so that programs that only connect start without it.

/** Reads a network that a daemon printed. */
export const networkFrom = async (xml: string): Promise<AnyNetwork> =>
  (await import('../model/network.js')).Network.parse(xml);

/** Reads a port that a daemon printed. */
export const portFrom = async (xml: string): Promise<NetworkPort> =>
  (await import('../schema/small-formats/read.js')).readNetworkPort(xml);

/** Reads a host interface that a daemon printed. */
export const hostInterfaceFrom = async (xml: string): Promise<HostInterface> =>
  (await import('../schema/small-formats/read.js')).readHostInterface(xml);

/** Reads an element that a daemon printed. */
export const elementFrom = async (xml: string): Promise<XmlElement> =>
  (await import('../xml/read.js')).readXml(xml).root;

/** Prints a port for a daemon. */
export const textOfPort = async (port: NetworkPort): Promise<string> =>
  (await import('../schema/small-formats/networkport.js')).writeNetworkPort(port);
