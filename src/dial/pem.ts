import { LibvirtError } from '../errors/index.js';

/** Certificates and a key, as text or bytes in PEM. */
export interface Pem {
  readonly ca?: string | Uint8Array | undefined;
  readonly cert?: string | Uint8Array | undefined;
  readonly key?: string | Uint8Array | undefined;
}

/**
 * Returns what a TLS connection takes of one of them.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for what is not PEM
 */
export function pemOf(given: Pem, what: keyof Pem): string | Buffer | undefined {
  const pem = given[what];
  if (pem === undefined) return undefined;
  const content = typeof pem === 'string' ? pem : Buffer.from(pem);
  if (content.includes('-----BEGIN ')) return content;
  throw new LibvirtError('INVALID_ARGUMENT', `tls.${what} is not text in PEM`, {
    hint: `pass the content of the file, as in tls: { ${what}: readFileSync('${what}.pem') }`,
  });
}
