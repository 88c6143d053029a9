import { describe, expect, it } from 'vitest';
import { Network } from '../../src/index.js';

/** Documents as JSON may bring them, which the compiler does not see. */
const messagesOf = (json: string): string[] =>
  Network.from(JSON.parse(json))
    .validate()
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);

describe('a value of the wrong type from JSON says what it is', () => {
  it.each([
    ['{"name":"n","ips":[{"address":"10.0.0.1","prefix":"24"}]}', /prefix='24'.*, but text: write 24 without quotes$/],
    ['{"name":"n","mtu":{"size":"1500"}}', /size='1500'.*, but text: write 1500 without quotes$/],
    ['{"name":"n","ipv6":"yes"}', /ipv6='yes'.*, but text: write true without quotes$/],
    ['{"name":"n","bridge":{"stp":"off"}}', /but text: write false without quotes/],
  ])('%s', (json, message) => {
    expect(messagesOf(json)).toEqual([expect.stringMatching(message)]);
  });

  it('a lease of half an hour is a fraction, and smaller units are named', () => {
    const lease = '"lease":{"expiry":0.5,"unit":"hours"}';
    const range = `{"start":"10.0.0.2","end":"10.0.0.9",${lease}}`;
    const json = `{"name":"n","ips":[{"address":"10.0.0.1","prefix":24,"dhcp":{"ranges":[${range}]}}]}`;
    expect(messagesOf(json)).toEqual([
      expect.stringMatching(/expiry='0\.5'.*but a fraction: use a smaller unit, or round it$/),
    ]);
  });
});

describe("an error's hint", () => {
  it('belongs to its first error, not to a warning before it', () => {
    const xml = '<network><title>{{ x }}</title><uuid>zz</uuid><name>n</name></network>';
    expect(() => Network.parse(xml)).toThrow(expect.objectContaining({ hint: expect.stringMatching(/^write 32/) }));
  });
});
