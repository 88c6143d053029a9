import { describe, expect, it } from 'vitest';
import { type Json, printJson, readJson } from '../../src/ovn/wire/json.js';
import { JsonTexts, type MessageLimits } from '../../src/ovn/wire/json-texts.js';

const MESSAGES: readonly Json[] = [
  {},
  [[[]]],
  { text: 'a "quoted" \\ [text] with { brackets', more: ['ä€😀', '\\"', '\\\\'] },
  { least: -9_223_372_036_854_775_808n, most: 9_223_372_036_854_775_807n, safe: 9_007_199_254_740_991, small: -1.5e-7 },
  { texts: ['1234567890123456789', '\\1234567890123456789"'], number: 1_234_567_890_123_456_789n },
  { real: 0.1234567890123456, large: 1.5e25, negative: -12 },
];

const read = (parts: readonly Buffer[], limits?: MessageLimits): Json[] => {
  const texts = new JsonTexts(limits);
  return parts.flatMap((part) =>
    [...texts.feed(part)].map(({ text, hasLongNumbers }) => readJson(text, hasLongNumbers)),
  );
};

describe('messages of OVSDB', () => {
  it('are read as they were printed, without a rounded number', () => {
    for (const message of MESSAGES) expect(read([Buffer.from(printJson(message))])).toEqual([message]);
  });

  it('are the same however the stream is cut', () => {
    const bytes = Buffer.from(MESSAGES.map(printJson).join(' \n'));
    for (const size of [1, 2, 3, 7, bytes.length]) {
      const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      expect(read(parts)).toEqual(MESSAGES);
    }
  });

  it.each([
    ['{"a":[[[[1]]]]}', { bytes: 100, depth: 4 }, 'a message deeper than 4 levels'],
    [`["${'x'.repeat(200)}"]`, { bytes: 100, depth: 4 }, 'a message of over 100 bytes'],
    [`["${'x'.repeat(200)}`, { bytes: 100, depth: 4 }, 'a message of over 100 bytes'],
    [']', { bytes: 100, depth: 4 }, 'something other than a JSON message'],
    ['garbage', { bytes: 100, depth: 4 }, 'something other than a JSON message'],
  ])('are refused where they begin with %s and the limits are %j', (text, limits, message) => {
    expect(() => read([Buffer.from(text)], limits)).toThrow(message);
  });
});
