import type { Random } from './random.js';
import { runOrThrow } from './run.js';

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

/** Asks glibc through Python. */
export const askGlibc = (texts: readonly string[]): (string | null)[] =>
  JSON.parse(runOrThrow('python3', ['-c', GLIBC], { input: JSON.stringify(texts) }));

const number = (random: Random): string => {
  const value = random.pick([0, 1, 7, 8, 10, 127, 255, 256, 65535, 65536, 16777215, 16777216, 4294967295, 4294967296]);
  return random.pick([`${value}`, `${value}`, `0${value.toString(8)}`, `0x${value.toString(16)}`, `0${value}`]);
};
const octet = (random: Random): string => `${random.int(0, 255)}`;
export const list = (random: Random, count: number, one: (random: Random) => string, sign: string): string =>
  Array.from({ length: count }, () => one(random)).join(sign);
const group = (random: Random): string =>
  random.pick(['0', '0', '0', '1', 'ffff', 'FFFF', '00', '0db8', 'fe80', 'ff02', '12345', 'g', '']);

/** A text around addresses of every form: right, nearly right, or none. */
export function addressLike(random: Random): string {
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
