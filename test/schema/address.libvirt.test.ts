import { describe, expect, it } from 'vitest';
import { addressOf, parseAddress, readAddress } from '../../src/schema/address.js';
import { needs } from '../support/needs.js';
import { announce, type Random, runs } from '../support/random.js';
import { runOrThrow } from '../support/run.js';

needs('python3');

/** What glibc, which libvirt asks, makes of each text: how it prints the address, or null. */
const GLIBC = `
import json, socket, sys
def read(text):
    try:
        address = socket.getaddrinfo(text, None, flags=socket.AI_NUMERICHOST)[0][4]
        return socket.getnameinfo(address, socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)[0]
    except (OSError, UnicodeError):
        return None
json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
`;

const glibc = (texts: readonly string[]): (string | null)[] =>
  JSON.parse(runOrThrow('python3', ['-c', GLIBC], { input: JSON.stringify(texts) }));

const number = (random: Random): string => {
  const value = random.pick([0, 1, 7, 8, 10, 127, 255, 256, 65535, 65536, 16777215, 16777216, 4294967295, 4294967296]);
  return random.pick([`${value}`, `${value}`, `0${value.toString(8)}`, `0x${value.toString(16)}`, `0${value}`]);
};
const octet = (random: Random): string => `${random.int(0, 255)}`;
const list = (random: Random, count: number, one: (random: Random) => string, sign: string): string =>
  Array.from({ length: count }, () => one(random)).join(sign);
const group = (random: Random): string =>
  random.pick(['0', '0', '0', '1', 'ffff', 'FFFF', '00', '0db8', 'fe80', 'ff02', '12345', 'g', '']);

/** Texts around addresses of every form: right ones, nearly right ones, and none. */
function addressLike(random: Random): string {
  return random.pick<() => string>([
    () => list(random, 4, octet, '.'),
    () => list(random, random.int(1, 5), number, '.'),
    () => list(random, random.int(6, 9), group, ':'),
    () => `${list(random, random.int(0, 6), group, ':')}::${list(random, random.int(0, 6), group, ':')}`,
    () => `::${random.pick(['', 'ffff:', '0:', '1:', 'ffff:0:'])}${list(random, 4, octet, '.')}`,
    () => `${list(random, 6, group, ':')}:${list(random, random.int(3, 5), number, '.')}`,
    () => `fe80::${random.int(1, 9)}%${random.pick(['lo', '1', '01', '0', ''])}`,
    () => `${random.pick(['ff02::1', 'ff01::1', 'febf::1', 'fec0::1', '::1'])}%${random.pick(['lo', '7', '0', '00'])}`,
    () => `${list(random, 4, octet, '.')}${random.pick([' ', '.', '/24', '%1', '\t', 'x'])}`,
  ])();
}

describe('addresses are read and printed as glibc does it for libvirt', () => {
  it('texts of every form', () => {
    const count = runs(20_000);
    const random = announce('addresses', count);
    const texts = Array.from({ length: count }, () => addressLike(random));
    const theirs = glibc(texts);
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
    expect(glibc(printed)).toEqual(printed);
    expect(printed.map((text) => parseAddress(text)?.value)).toEqual(values);
  });
});
