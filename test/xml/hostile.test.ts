import { describe, expect, it } from 'vitest';
import { writeNetwork } from '../../src/schema/network/codec.js';
import { inspectNetwork } from '../../src/schema/network/read.js';
import { injure, outcome } from '../support/injured.js';
import { networkOf } from '../support/networks.js';
import { announce, runs } from '../support/random.js';

describe('hostile input', () => {
  it('mutated documents end in a value or a typed error', () => {
    const count = runs(20_000, 1000);
    const random = announce('mutated documents', count);
    const documents = Array.from({ length: count }, () => injure(random, writeNetwork(networkOf(random))));
    const ours = documents.map(outcome);
    console.log(`${ours.filter((one) => one === 'value').length} of ${count} were still XML`);
  });

  it('large and deep documents end in a value or a typed error', () => {
    const million = runs(1_000_000, 100_000);
    const many = million / 10;
    const big = 'x'.repeat(million * 10);
    expect(outcome(`<network><name>a</name><bridge name='${big}'/></network>`)).toBe('value');
    expect(outcome(`<network><name>${big}</name></network>`)).toBe('value');
    expect(outcome(`<network>${'<a>'.repeat(many)}`)).toBe('refused');
    expect(outcome('<'.repeat(million))).toBe('refused');
    expect(outcome(`<a${' '.repeat(million)}`)).toBe('refused');
    expect(outcome(`<a ${'b="1" '.repeat(many)}/>`)).toBe('refused');
    expect(outcome(`<network><name>a</name>${'<ip/>'.repeat(many)}</network>`)).toBe('value');
    expect(
      outcome(`<network ${Array.from({ length: many }, (_, i) => `a${i}="1"`).join(' ')}><name>a</name></network>`),
    ).toBe('value');
    expect(outcome(`<network><name>a</name><!--${'-'.repeat(million)}</network>`)).toBe('refused');
    expect(outcome(`<a>${'&'.repeat(million)}</a>`)).toBe('refused');
    expect(outcome(`<network><name>a</name>${'&amp;'.repeat(million)}</network>`)).toBe('value');
  });

  it('no document changes what plain objects have', () => {
    inspectNetwork("<network __proto__='x' constructor='y'><name>a</name><x:y xmlns:x='u' __proto__='z'/></network>");
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});
