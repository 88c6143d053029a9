import { createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Login, loginFor } from '../../src/socket/sasl.js';

const account = { user: 'alice', password: 'correct horse' };
const SALT = Buffer.from('salt of a server');
const ROUNDS = 4096;

const begin = (): Login => {
  const login = loginFor('SCRAM-SHA-256,PLAIN', account, true);
  if (login === undefined) throw new Error('it does not log in');
  return login;
};

/** What a server answers first, and the signature by which it shows that it knows a password (RFC 5802). */
function server(login: Login, password: string): { readonly challenge: Buffer; readonly proof: () => Buffer } {
  const bare = Buffer.from(login.first).toString().replace(/^n,,/, '');
  const nonce = `${/r=(.*)$/.exec(bare)?.[1]}server`;
  const challenge = `r=${nonce},s=${SALT.toString('base64')},i=${ROUNDS}`;
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const salted = pbkdf2Sync(password, SALT, ROUNDS, 32, 'sha256');
  const signature = hmac(hmac(salted, 'Server Key'), `${bare},${challenge},c=biws,r=${nonce}`);
  return { challenge: Buffer.from(challenge), proof: () => Buffer.from(`v=${signature.toString('base64')}`) };
}

describe('SCRAM-SHA-256', () => {
  it('accepts the yes of a server that knows the password, together with the proof or after it', () => {
    for (const isTogether of [true, false]) {
      const login = begin();
      const { challenge, proof } = server(login, account.password);
      login.next(challenge);
      if (!isTogether) expect(login.next(proof())).toHaveLength(0);
      expect(() => login.finish(isTogether ? proof() : new Uint8Array())).not.toThrow();
    }
  });

  it('refuses the yes of a server that does not know the password, that shows nothing, or that asks nothing', () => {
    for (const last of [undefined, '', 'v=']) {
      const login = begin();
      login.next(server(login, account.password).challenge);
      const answer = last === undefined ? server(login, 'another one').proof() : Buffer.from(last);
      expect(() => login.finish(answer)).toThrow('does not prove');
    }
    expect(() => begin().finish(new Uint8Array())).toThrow('before it knows');
  });

  it.each(['r=abc,s=c2FsdA==,i=4096', 's=c2FsdA==,i=4096', 'r=x,s=c2FsdA==,i=99999999', 'e=other-error', ''])(
    'refuses the first answer %j',
    (answer) => {
      expect(() => begin().next(Buffer.from(answer))).toThrow('not one of SCRAM');
    },
  );
});

describe('PLAIN', () => {
  it('sends a password only where nobody can read along', () => {
    expect(loginFor('PLAIN', account, false)).toBeUndefined();
    expect(Buffer.from(loginFor('PLAIN', account, true)?.first ?? []).toString()).toBe('\0alice\0correct horse');
  });
});
