// The errors that users meet; what transports need to make them is in the transport entry.

export { LibvirtError } from './base.js';
export { BridgeUnsupportedError, type UnsupportedField } from './bridge.js';
export { mayHaveChanged } from './changed.js';
export type { ErrorCode } from './codes.js';
export { HostBridgeError } from './host-bridge.js';
export { formatIssue, type Issue, ValidationError } from './issues.js';
export { OperationError } from './operation.js';
export { XmlSyntaxError } from './syntax.js';
export { TransportError } from './transport.js';
