import type { RuleExample } from './example.js';

const shape = (what: string, at: string, broken: object, right: object): RuleExample => ({
  rule: 'PROPERTY_INVALID',
  what,
  is: 'unsafe',
  at,
  broken: { name: 'n', ...broken },
  right: { name: 'n', ...right },
});

const NOTE = { type: 'element', name: 'a:b', attributes: { 'xmlns:a': 'urn:a' }, children: [] };

/** What only data can have wrong: JSON and plain JavaScript pass anything. */
export const DATA: readonly RuleExample[] = [
  {
    rule: 'PROPERTY_UNKNOWN',
    is: 'unsafe',
    at: 'bridge.spt',
    broken: { name: 'n', bridge: { spt: true } },
    right: { name: 'n', bridge: { stp: true, extra: {} } },
  },
  shape('not an object', 'bridge', { bridge: 'br0' }, { bridge: {} }),
  shape('not a list', 'ips', { ips: {} }, { ips: [] }),
  shape('not an element', 'metadata[0]', { metadata: [{ type: 'element' }] }, { metadata: [NOTE] }),
  shape('not true or false', 'ipv6', { ipv6: null }, { ipv6: true }),
  shape('neither text nor number', 'bridge.name', { bridge: { name: ['br0'] } }, { bridge: { name: 'br0' } }),
  shape('a text that is a number', 'bridge.name', { bridge: { name: 0 } }, { bridge: { name: '0' } }),
  {
    rule: 'PROPERTY_INVALID',
    what: 'a flag',
    is: 'unsafe',
    at: 'protocols[0].autoconf',
    format: 'host interface',
    broken: { type: 'ethernet', name: 'if0', protocols: [{ family: 'ipv6', autoconf: 'yes' }] },
    right: { type: 'ethernet', name: 'if0', protocols: [{ family: 'ipv6', autoconf: true }] },
  },
  {
    rule: 'INVALID_CHARACTER',
    is: 'parse',
    at: 'domain.name',
    broken: { name: 'n', domain: { name: 'a\u0001' } },
    right: { name: 'n', domain: { name: 'a\t' } },
  },
  {
    rule: 'ATTR_REQUIRED',
    what: 'data without an id',
    is: 'parse',
    at: 'vlan.tags[0].id',
    broken: { name: 'n', forward: { mode: 'bridge' }, bridge: { name: 'br0' }, vlan: { tags: [{}] } },
    right: { name: 'n', forward: { mode: 'bridge' }, bridge: { name: 'br0' }, vlan: { tags: [{ id: 5 }] } },
  },
  {
    rule: 'IP_BAD_ADDRESS',
    what: 'data',
    is: 'parse',
    at: 'ips[0].address',
    broken: { name: 'n', ips: [{ address: '10.0.0.256', prefix: 24 }] },
    right: { name: 'n', ips: [{ address: '10.0.0.254', prefix: 24 }] },
  },
  ...(['start', 'end'] as const).map(
    (name): RuleExample => ({
      rule: 'NAT_PORT_BAD',
      what: `data, ${name}`,
      is: 'parse',
      at: `forward.nat.port.${name}`,
      broken: natPorts({ start: 1, end: 65_535, [name]: 65_536 }),
      right: natPorts({ start: 1, end: 65_535 }),
    }),
  ),
  {
    rule: 'ADDRESS_REWRITTEN',
    what: 'data',
    is: 'warning',
    at: 'ips[0].address',
    broken: { name: 'n', ips: [{ address: '010.0.0.1', prefix: 24 }] },
    right: { name: 'n', ips: [{ address: '10.0.0.1', prefix: 24 }] },
  },
];

function natPorts(port: object): object {
  return { name: 'n', forward: { nat: { port } }, ips: [{ address: '10.0.0.1', prefix: 24 }] };
}
