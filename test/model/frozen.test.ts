import { describe, expect, it } from 'vitest';
import { Network, type NetworkDocument } from '../../src/index.js';

const from = (document: object) => Network.from(document as NetworkDocument);

describe('a network stays what it is, whatever the document that it was made of does', () => {
  it('a frozen document with a getter', () => {
    let looks = 0;
    const network = from(
      Object.freeze({
        get name() {
          return looks++ < 4 ? 'a' : 'x/y';
        },
      }),
    );
    const printed = Array.from({ length: 9 }, () => network.toXml());
    expect(new Set(printed).size).toBe(1);
  });

  it('a frozen document that inherits from one that changes', () => {
    const parent: Record<string, unknown> = { title: 'before' };
    const network = from(Object.freeze(Object.assign(Object.create(parent), { name: 'a' })));
    parent['title'] = 'after';
    expect(network.toXml()).not.toContain('title');
  });

  it('a frozen list with a method of its own', () => {
    const ips = Object.freeze(
      Object.assign([Object.freeze({ address: '10.0.0.1', prefix: 24 })], { map: () => ['zz'] }),
    );
    expect(from(Object.freeze({ name: 'a', ips })).toXml()).toContain("<ip address='10.0.0.1' prefix='24'/>");
  });

  it('what JSON calls __proto__', () => {
    const network = from(JSON.parse('{"name":"a","__proto__":{"uuid":"x"}}'));
    expect(network.toXml({ check: false })).not.toContain('uuid');
    expect(network.validate()).toEqual([expect.objectContaining({ code: 'PROPERTY_UNKNOWN' })]);
  });

  it('attributes of metadata that are not text', () => {
    for (const value of [null, {}, [1], 1, Object.create(null)]) {
      const attributes = { 'xmlns:m': 'urn:m', a: value };
      const network = from({ name: 'a', metadata: [{ type: 'element', name: 'm:x', attributes, children: [] }] });
      expect(() => network.toXml()).toThrow(expect.objectContaining({ code: 'VALIDATION' }));
    }
  });
});
