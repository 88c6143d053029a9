import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from './credentials.js';

/** What a TLS connection is made with. */
export interface Certificates {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly serverName?: string;
}

/**
 * Finds certificates where libvirt's own client looks: below the folder of the URI's `pkipath`, below `~/.pki/libvirt`, below
 * `/etc/pki`. Source: https://libvirt.org/kbase/tlscerts.html
 *
 * @param given - certificates that take precedence
 */
export async function findCertificates(given: TlsOptions, pkiPath: string | undefined): Promise<Certificates> {
  const isGiven = given.ca !== undefined || given.cert !== undefined || given.key !== undefined;
  const found = isGiven ? {} : await readFirst(pkiPath === undefined ? PLACES : [ofFolder(pkiPath)]);
  return {
    ...found,
    ...(given.ca === undefined ? {} : { ca: asPem(given.ca) }),
    ...(given.cert === undefined ? {} : { cert: asPem(given.cert) }),
    ...(given.key === undefined ? {} : { key: asPem(given.key) }),
    ...(given.serverName === undefined ? {} : { serverName: given.serverName }),
  };
}

const asPem = (pem: string | Uint8Array): string | Buffer => (typeof pem === 'string' ? pem : Buffer.from(pem));

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
async function readFirst(places: readonly Files[]): Promise<Certificates> {
  let authority: Buffer | undefined;
  for (const { ca, cert, key } of places) {
    const [one, two, three] = await Promise.all([ca, cert, key].map(readIfThere));
    if (one !== undefined && two !== undefined && three !== undefined) return { ca: one, cert: two, key: three };
    authority ??= one;
  }
  return authority === undefined ? {} : { ca: authority };
}

const readIfThere = (path: string): Promise<Buffer | undefined> => readFile(path).catch(() => undefined);
