import { describe, expect, it } from 'vitest';
import { addressOf, parseAddress, readAddress } from '../../src/schema/address.js';
import { addressLike, askGlibc, list } from '../support/address-texts.js';
import { needs } from '../support/needs.js';
import { announce, runs } from '../support/random.js';

needs('python3');

describe('addresses are read and printed as glibc does it for libvirt', () => {
  it('texts of every form', () => {
    const count = runs(20_000);
    const random = announce('addresses', count);
    const texts = Array.from({ length: count }, () => addressLike(random));
    const theirs = askGlibc(texts);
    // How a zone is printed depends on the machine's devices, which ours does not know.
    const printed = (text: string, address: string | null | undefined) =>
      text.includes('%') ? address?.replace(/%.*/, '') : address;
    const wrong = texts.flatMap((text, i) => {
      const [ours, glibcs] = [readAddress(text)?.text ?? null, theirs[i]];
      return printed(text, ours) === printed(text, glibcs) ? [] : [`${JSON.stringify(text)}: ${ours}, glibc ${glibcs}`];
    });
    const good = theirs.filter((one) => one !== null).length;
    console.log(`${good} of ${count} are addresses`);
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(good).toBeGreaterThan(count / 10);
  });

  it('every address that is printed is read back as the same', () => {
    const random = announce('printed addresses', 500);
    const values = Array.from({ length: 500 }, () => {
      const bits = random.pick([8, 16, 17, 32, 33, 48, 64, 128]);
      return BigInt.asUintN(bits, BigInt(`0x${list(random, 32, () => random.int(0, 15).toString(16), '')}`));
    });
    const printed = values.map((value) => addressOf('ipv6', value).text);
    expect(askGlibc(printed)).toEqual(printed);
    expect(printed.map((text) => parseAddress(text)?.value)).toEqual(values);
  });
});
