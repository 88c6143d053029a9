// Pictures of networks, guests and packets.

export { LibvirtError, OperationError } from '../errors/index.js';
export type { PictureFormat, PictureOptions } from './options.js';
export { renderFlowDiagram } from './render-flow-diagram.js';
export { type HostPictureOptions, renderTopology } from './render-topology.js';
export type { PictureLanguage } from './words.js';
