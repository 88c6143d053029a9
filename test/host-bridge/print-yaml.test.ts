import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { printYaml } from '../../src/host-bridge/text/yaml/print.js';
import { runs, seed } from '../support/random.js';

const VERSIONS = ['1.1', '1.2'] as const;

/** Texts that one version or the other takes for something else, or that must be escaped. */
const AWKWARD = [
  'on',
  'No',
  'y',
  '~',
  'null',
  '12:34:56',
  '0x1f',
  '010',
  '1e3',
  '.inf',
  '2001-01-01',
  '<<',
  '- a',
  'a: b',
  '#a',
  '"',
  '\\',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\u007f',
  'a\nb\t',
  '',
];

const text = fc.oneof(fc.constantFrom(...AWKWARD), fc.string({ unit: 'binary' }));
const key = fc.oneof(fc.constantFrom(...AWKWARD), fc.stringMatching(/^[a-z][\w.-]{0,8}$/));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

describe('YAML for host network systems', () => {
  it('is read back the same by readers of version 1.1 and 1.2', () => {
    fc.assert(
      fc.property(fc.dictionary(key, value, { noNullPrototype: true }), (data) => {
        for (const version of VERSIONS) expect(parse(printYaml(data), { version, merge: false })).toEqual(data);
      }),
      { seed, numRuns: runs(3000) },
    );
  });

  it('is laid out as people write it', () => {
    const data = {
      network: { version: 2, bridges: { br0: { interfaces: ['eno1'], macs: [{ a: 1, b: [] }], on: {} } } },
    };
    expect(printYaml(data)).toBe(`network:
  version: 2
  bridges:
    br0:
      interfaces:
        - "eno1"
      macs:
        - a: 1
          b: []
      "on": {}
`);
  });
});
