export type { SaslOptions, TlsOptions } from './credentials.js';
export { type SocketOptions, SocketTransport, socket } from './transport.js';
