import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NoConnection } from '../dial/errors.js';
import { pemOf } from '../dial/pem.js';
import type { Certificates } from '../dial/secured.js';
import { compact } from '../schema/values.js';
import type { TlsOptions } from './credentials.js';

/** Certificates, and the name that the server's must have. */
export interface FoundCertificates extends Certificates {
  readonly serverName?: string;
}

/**
 * Finds certificates where libvirt's own client looks: below the folder of the URI's `pkipath`, below `~/.pki/libvirt`, below
 * `/etc/pki`. Source: https://libvirt.org/kbase/tlscerts.html
 *
 * @param given - certificates that take precedence
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for what is not PEM
 * @throws {@link NoConnection} when there is no certificate of an authority
 */
export async function findCertificates(given: TlsOptions, pkiPath: string | undefined): Promise<FoundCertificates> {
  const [own, cert, key] = [pemOf(given, 'ca'), pemOf(given, 'cert'), pemOf(given, 'key')];
  const places = pkiPath === undefined ? PLACES : [ofFolder(pkiPath)];
  const found = own === undefined || (cert === undefined && key === undefined) ? await readFirst(places) : {};
  const ca = own ?? found.ca;
  if (ca === undefined) throw noAuthority(places);
  const pair = cert === undefined && key === undefined ? { cert: found.cert, key: found.key } : { cert, key };
  return compact({ ca, ...pair, serverName: given.serverName });
}

/** Begins with libvirt's words. */
const noAuthority = (places: readonly Files[]): NoConnection =>
  new NoConnection(`Cannot read CA certificate '${places.at(-1)?.ca}': No such file or directory`, {
    code: 'CERTIFICATE_FAILED',
    hint: `put it there, or pass its content in tls.ca; also looked for: ${places.map(({ ca }) => ca).join(', ')}`,
  });

interface Files {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const ofFolder = (folder: string): Files => ({
  ca: join(folder, 'cacert.pem'),
  cert: join(folder, 'clientcert.pem'),
  key: join(folder, 'clientkey.pem'),
});

const PLACES: readonly Files[] = [
  ofFolder(join(homedir(), '.pki/libvirt')),
  {
    ca: '/etc/pki/CA/cacert.pem',
    cert: '/etc/pki/libvirt/clientcert.pem',
    key: '/etc/pki/libvirt/private/clientkey.pem',
  },
];

/** The files of the first place that has all three; else an authority alone. */
async function readFirst(places: readonly Files[]): Promise<FoundCertificates> {
  let authority: Buffer | undefined;
  for (const { ca, cert, key } of places) {
    const [one, two, three] = await Promise.all([ca, cert, key].map(readIfThere));
    if (one !== undefined && two !== undefined && three !== undefined) return { ca: one, cert: two, key: three };
    authority ??= one;
  }
  return authority === undefined ? {} : { ca: authority };
}

const readIfThere = (path: string): Promise<Buffer | undefined> => readFile(path).catch(() => undefined);
