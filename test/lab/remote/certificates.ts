import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOrThrow } from '../../support/run.js';

/** The files of a certificate and its private key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface IssueOptions {
  /** Names that the certificate is for, such as `DNS:localhost`. */
  readonly names?: readonly string[];
  /** Days until it expires; those of a negative number are over. Default: 30. */
  readonly days?: number;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'] as const;

/** A certificate authority of its own, made with openssl. */
export class Authority {
  readonly cert: string;
  readonly #key: string;
  readonly #folder: string;

  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.cert = join(folder, `${name}.pem`);
    this.#key = join(folder, `${name}.key`);
    openssl('req', '-x509', ...KEY, '-keyout', this.#key, '-out', this.cert, '-subj', `/CN=${name}`, '-days', '30');
  }

  /** Issues a certificate. */
  issue(name: string, { names = [], days = 30 }: IssueOptions = {}): Certificate {
    const [request, key, cert, extensions] = ['csr', 'key', 'pem', 'ext'].map((end) =>
      join(this.#folder, `${name}.${end}`),
    ) as [string, string, string, string]; // one for each of the four
    openssl('req', ...KEY, '-keyout', key, '-out', request, '-subj', `/CN=${name}`);
    writeFileSync(extensions, names.length === 0 ? '' : `subjectAltName=${names.join(',')}\n`);
    const signing = ['-CA', this.cert, '-CAkey', this.#key, '-CAcreateserial', '-extfile', extensions];
    openssl('x509', '-req', '-in', request, '-out', cert, '-days', String(days), ...signing);
    return { cert, key };
  }
}

const openssl = (...args: readonly string[]): string => runOrThrow('openssl', args);
