import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAddress, readAddress } from '../../src/schema/address.js';

it('addresses are read and printed as glibc was recorded to do it', () => {
  const file = join(import.meta.dirname, '../fixtures/addresses.json');
  const recorded: Record<string, string | null> = JSON.parse(readFileSync(file, 'utf8'));
  const ours = Object.fromEntries(Object.keys(recorded).map((text) => [text, readAddress(text)?.text ?? null]));
  expect(ours).toEqual(recorded);
  expect(Object.values(recorded).filter((printed) => printed !== null).length).toBeGreaterThan(100);
});

describe('addresses that are read strictly', () => {
  it.each([
    '10.1',
    '010.0.0.1',
    '0x7f.0.0.1',
    '1.2.3',
    '1.2.3.4 ',
    '1.2.3.4.',
    '',
    '::1%lo',
    'fe80::1%1',
    ':',
    '[::1]',
    '::1]',
    '1\n.2.3.4',
  ])('have no such form: %j', (text) => expect(parseAddress(text)).toBeUndefined());
});
