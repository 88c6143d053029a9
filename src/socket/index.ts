export type { SaslOptions } from './sasl.js';
export type { TlsOptions } from './tls.js';
export { type SocketOptions, SocketTransport, socket } from './transport.js';
