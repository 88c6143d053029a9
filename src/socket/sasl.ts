// Logging in with a name and a password: PLAIN (RFC 4616) where nobody can read along, and SCRAM-SHA-256 (RFC 7677).
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { NoConnection } from '../dial/errors.js';
import type { SaslOptions } from './credentials.js';

/** A conversation of one login. */
export interface Login {
  readonly mechanism: string;
  /** The first thing that the client says. */
  readonly first: Uint8Array;
  /**
   * Answers the server.
   *
   * @throws {@link NoConnection} when the server does not speak as its mechanism does
   */
  next(challenge: Uint8Array): Uint8Array;
  /**
   * Hears the server's last words, with which it says yes.
   *
   * @throws {@link NoConnection} when the server has not proved that it knows the password
   */
  finish(last: Uint8Array): void;
}

/**
 * Chooses how to log in.
 *
 * @param offered - mechanisms of the daemon, separated by commas or blanks
 * @param isPrivate - true if nobody can read along, so that a password may be sent as it is
 */
export function loginFor(offered: string, { user, password }: SaslOptions, isPrivate: boolean): Login | undefined {
  const mechanisms = offered.split(/[\s,]+/);
  if (mechanisms.includes('SCRAM-SHA-256')) return new Scram(user, password);
  return isPrivate && mechanisms.includes('PLAIN') ? plain(user, password) : undefined;
}

const plain = (user: string, password: string): Login => ({
  mechanism: 'PLAIN',
  first: Buffer.from(`\0${user}\0${password}`),
  next: () => new Uint8Array(),
  finish: () => {},
});

const hash = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();
const hmac = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const xor = (one: Buffer, other: Buffer): Buffer => Buffer.from(one.map((byte, i) => byte ^ (other[i] ?? 0)));

/** What to do about a server that does not speak as its mechanism does. */
const NOT_GENUINE = 'check that the URI leads to the right daemon: this one may not be what it seems';

/** Most rounds that a server may ask for: a hostile one must not stop this program. */
const MOST_ROUNDS = 1_000_000;

class Scram implements Login {
  readonly mechanism = 'SCRAM-SHA-256';
  readonly first: Uint8Array;
  readonly #bare: string;
  readonly #nonce = randomBytes(18).toString('base64');
  readonly #password: string;
  #serverSignature: Buffer | undefined;
  #isProved = false;

  constructor(user: string, password: string) {
    this.#bare = `n=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${this.#nonce}`;
    this.#password = password;
    this.first = Buffer.from(`n,,${this.#bare}`);
  }

  next(challenge: Uint8Array): Uint8Array {
    const text = Buffer.from(challenge).toString('utf8');
    if (this.#serverSignature === undefined) return this.#prove(text);
    this.#check(text, this.#serverSignature);
    return new Uint8Array();
  }

  /** The proof comes together with the yes, or before it. */
  finish(last: Uint8Array): void {
    const signature = this.#serverSignature;
    if (signature === undefined)
      throw new NoConnection('the server says yes before it knows who is there', {
        code: 'LOGIN_FAILED',
        hint: NOT_GENUINE,
      });
    if (!this.#isProved) this.#check(Buffer.from(last).toString('utf8'), signature);
  }

  #prove(challenge: string): Uint8Array {
    const { r: nonce = '', s: salt = '', i = '' } = fieldsOf(challenge);
    const rounds = Number(i);
    const isSound = nonce.startsWith(this.#nonce) && nonce.length > this.#nonce.length && salt !== '';
    if (!isSound || !Number.isInteger(rounds) || rounds < 1 || rounds > MOST_ROUNDS)
      throw new NoConnection("the server's first answer is not one of SCRAM", {
        code: 'LOGIN_FAILED',
        hint: NOT_GENUINE,
      });
    const salted = pbkdf2Sync(this.#password.normalize('NFKC'), Buffer.from(salt, 'base64'), rounds, 32, 'sha256');
    const clientKey = hmac(salted, 'Client Key');
    const withoutProof = `c=biws,r=${nonce}`;
    const all = `${this.#bare},${challenge},${withoutProof}`;
    this.#serverSignature = hmac(hmac(salted, 'Server Key'), all);
    const proof = xor(clientKey, hmac(hash(clientKey), all));
    return Buffer.from(`${withoutProof},p=${proof.toString('base64')}`);
  }

  #check(answer: string, signature: Buffer): void {
    const proof = Buffer.from(fieldsOf(answer)['v'] ?? '', 'base64');
    if (proof.length !== signature.length || !timingSafeEqual(proof, signature))
      throw new NoConnection('the server does not prove that it knows the password', {
        code: 'LOGIN_FAILED',
        hint: NOT_GENUINE,
      });
    this.#isProved = true;
  }
}

/** `r=...,s=...,i=...`: base64 may hold equals signs. */
const fieldsOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(text.split(',').map((field) => [field.slice(0, 1), field.slice(2)]));
