import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/schema/address.js';

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
