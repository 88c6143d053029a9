import { describe, expect, it } from 'vitest';
import { wrap } from '../../src/pictures/text/fit.js';

const wrapped = (text: string, lines: number) => wrap(text, { width: 12, lines, measure: ({ length }) => length });

describe('a text that is shortened', () => {
  it('has no blank where a word was broken', () => {
    expect(wrapped('hypervisor-rack-0-madrid-centro', 2)).toEqual(['hypervisor-', 'rack-0-madr…']);
  });

  it('keeps the blanks between words', () => {
    expect(wrapped('the next hop passes them on to us', 2)).toEqual(['the next hop', 'passes them…']);
  });
});
