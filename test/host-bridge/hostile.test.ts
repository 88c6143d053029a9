import { describe, expect, it } from 'vitest';
import { LibvirtError } from '../../src/errors/index.js';
import { type ReadableBackend, readHostBridge } from '../../src/host-bridge/read/index.js';
import { readAssignments } from '../../src/host-bridge/text/assignments.js';
import { expressible, randomBridge } from '../support/bridges.js';
import { announce, type Random, runs } from '../support/random.js';

const BACKENDS: readonly ReadableBackend[] = ['ifcfg', 'networkmanager', 'netplan', 'networkd', 'ifupdown', 'libvirt'];

const PIECES = [
  '\0',
  '=',
  '[',
  ']',
  '"',
  "'",
  '\\',
  '\n',
  '\t',
  ': ',
  '- ',
  '&a *a',
  '$(x)',
  '`',
  '#',
  '9'.repeat(40),
  '__proto__',
  '<',
  '%',
];

/** A text that somebody broke: pieces lost, doubled and put in. */
function broken(random: Random, text: string): string {
  let result = text;
  for (let n = random.int(1, 5); n > 0; n--) {
    const at = random.int(0, result.length);
    const end = Math.min(result.length, at + random.int(0, 12));
    const piece = random.pick([random.pick(PIECES), '', result.slice(at, end).repeat(2)]);
    result = result.slice(0, at) + piece + result.slice(end);
  }
  return result;
}

/** What reading gives, or the error of ours that it throws. */
function outcome(backend: ReadableBackend, content: string, path = 'ifcfg-br0.network'): unknown {
  try {
    const { bridge } = readHostBridge(backend, [{ path, content }], { consumer: 'NetworkManager' });
    return bridge.validate();
  } catch (error) {
    if (!LibvirtError.is(error)) throw error;
    return error;
  }
}

describe('broken files never do more harm than an error of ours', () => {
  for (const backend of BACKENDS) {
    it(`${backend}`, () => {
      const count = runs(3000, 50);
      const random = announce(`broken files of ${backend}`, count);
      for (let i = 0; i < count; i++) {
        const { files } = expressible(randomBridge(random), backend).render(backend);
        const changed = files.map(({ path, content }) => ({
          path,
          content: random.chance(0.6) ? broken(random, content) : content,
        }));
        try {
          readHostBridge(backend, changed, { consumer: 'NetworkManager' }).bridge.validate();
        } catch (error) {
          expect(LibvirtError.is(error), `${String(error)}\n${changed.map(({ content }) => content).join('\n')}`).toBe(
            true,
          );
        }
      }
    });
  }

  it('YAML that holds itself, grows without end or is nested without end is refused', () => {
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghi'
      .split('')
      .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(', ')}]\n`)
      .join('')}`;
    for (const text of [
      bomb,
      'network: &n {bridges: {br0: *n}}',
      '['.repeat(100_000),
      `network: ${'{a: '.repeat(5000)}${'}'.repeat(5000)}`,
    ])
      expect(outcome('netplan', text), text.slice(0, 40)).toBeInstanceOf(LibvirtError);
  });

  it('long lines are read in a time that grows with their length only', () => {
    const long = '1'.repeat(200_000);
    for (const backend of BACKENDS)
      for (const content of [
        `[NetDev]\nName=br0\nKind=bridge\n[Bridge]\nAgeingTimeSec=${long}!\n`,
        `iface br0 inet static\n  bridge_ports ${long}!\n  up ip route add ${long}\n`,
        `TYPE=Bridge\nDEVICE="${long}\n`,
      ])
        expect(() => outcome(backend, content, 'ifcfg-x.netdev')).not.toThrow();
  });
});

it('values of many megabytes are read, or refused by an error of ours', () => {
  for (const value of ['a b '.repeat(3_000_000), '\\$'.repeat(4_000_000), "'".repeat(1_000_000)]) {
    const content = `TYPE=Bridge\nDEVICE=br0\nX="${value}"\n`;
    const { warnings } = readHostBridge('ifcfg', [{ path: 'ifcfg-br0', content }]);
    expect(warnings.map(({ message }) => message.slice(0, 40))).toEqual([expect.stringContaining('line 3: X=')]);
  }
});

it.each([
  ['~', undefined],
  ['/a:~', undefined],
  ['a~', 'a~'],
  ["'~'", '~'],
  ['"~"', '~'],
  ['"a\\"b" # c', 'a"b'],
  ['"a\\nb"', undefined],
  ['"a"b', undefined],
  ['a #b', 'a'],
  ['a#b', undefined],
])('of the word %s in a file of ifcfg a shell makes what is read, or it is a stray line', (word, value) => {
  const stray: string[] = [];
  const read = readAssignments(`X=${word}`, ({ text }) => stray.push(text));
  expect(read.map((one) => one.value)).toEqual(value === undefined ? [] : [value]);
  expect(stray).toHaveLength(value === undefined ? 1 : 0);
});
