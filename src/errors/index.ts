export { type ErrorDetails, LibvirtError } from './base.js';
export { BridgeUnsupportedError, type UnsupportedField } from './bridge.js';
export { mayHaveChanged, noteUncertain } from './changed.js';
export type { ErrorCode } from './codes.js';
export { formatIssue, type Issue, ValidationError } from './issues.js';
export { OperationError, type OperationErrorDetails } from './operation.js';
export { redact } from './redact.js';
export { XmlSyntaxError } from './syntax.js';
export { TransportError, type TransportErrorDetails } from './transport.js';
