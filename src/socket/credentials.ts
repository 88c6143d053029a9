import type { OptionNames } from '../options/options.js';

/** Certificates for TLS, as text or bytes in PEM. */
export interface TlsOptions {
  /** Certificates of the authorities that sign servers. Default: libvirt's own files. */
  readonly ca?: string | Uint8Array | undefined;
  /** Certificate of this client. Default: libvirt's own files. */
  readonly cert?: string | Uint8Array | undefined;
  /** Private key of this client. Default: libvirt's own files. */
  readonly key?: string | Uint8Array | undefined;
  /** Name that the server's certificate must have. Default: the host of the URI. */
  readonly serverName?: string | undefined;
}

export const TLS_OPTIONS: OptionNames<TlsOptions> = { ca: true, cert: true, key: true, serverName: true };

/** Name and password of an account that the daemon knows. */
export interface SaslOptions {
  readonly user: string;
  readonly password: string;
}

export const SASL_OPTIONS: OptionNames<SaslOptions> = { user: true, password: true };
