export { formatIssue, type Issue, LibvirtError, ValidationError, XmlSyntaxError } from './errors/index.js';
export { editXml } from './model/edit.js';
export { readHostInterface, readNetworkPort, writeHostInterface, writeNetworkPort } from './schema/companion.js';
export * from './schema/documents.js';
export { writeNetwork } from './schema/network/codec.js';
export { inspectNetwork, type NetworkReading, readNetwork } from './schema/network/read.js';
export { NEWEST_RELEASE, type Release, type ReleaseOption } from './schema/release.js';
export { checkNetwork } from './schema/rules/index.js';
export * from './xml/index.js';
