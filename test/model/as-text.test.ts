import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  BridgedNetwork,
  BridgeNic,
  connect,
  DirectNetwork,
  DirectNic,
  HostBridge,
  HostdevNetwork,
  IsolatedNetwork,
  LibvirtError,
  NatNetwork,
  Network,
  OpenNetwork,
  RoutedNetwork,
  Subnet,
} from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';

const host = connect(mockTransport());
const handle = await host.networks.define(NatNetwork.create('lab').subnet('192.168.50.1/24'));

describe('a value in a string says what it is', () => {
  it.each([
    ['NatNetwork lab', NatNetwork.create('lab')],
    ['RoutedNetwork lab', RoutedNetwork.create('lab')],
    ['OpenNetwork lab', OpenNetwork.create('lab')],
    ['IsolatedNetwork lab', IsolatedNetwork.create('lab')],
    ['BridgedNetwork lab', BridgedNetwork.create({ name: 'lab', bridge: 'br0' })],
    ['DirectNetwork lab', DirectNetwork.create({ name: 'lab', mode: 'bridge', devices: ['eth0'] })],
    ['HostdevNetwork lab', HostdevNetwork.create({ name: 'lab', pf: 'eth0' })],
    ['OtherNetwork lab', Network.from(JSON.parse('{ "name": "lab", "forward": { "mode": "newer" } }'))],
    ['HostBridge br0', HostBridge.create('br0')],
    ['NetworkNic on lab', NatNetwork.create('lab').guestNic()],
    ['BridgeNic on br0', BridgeNic.create('br0')],
    ['DirectNic on eth0', DirectNic.create('eth0')],
    ['192.168.50.1/24', Subnet.parse('192.168.50.1/24')],
    ['NetworkHandle lab', handle],
    ['Host the mock', host],
    ['LibvirtError [UNSUPPORTED]: no\nhint: yes', new LibvirtError('UNSUPPORTED', 'no', { hint: 'yes' })],
  ])('%s', (text, value) => {
    expect(`${value}`).toBe(text);
  });
});

describe('console.log and JSON show data and no plumbing', () => {
  it.each([
    ["NatNetwork { document: { name: 'lab', forward: { mode: 'nat' } } }", NatNetwork.create('lab')],
    ['Subnet 192.168.50.1/24', Subnet.parse('192.168.50.1/24')],
    [`NetworkHandle { name: 'lab', uuid: '${handle.uuid}' }`, handle],
    ["Host { label: 'the mock', networks: Networks {}, interfaces: Interfaces {} }", host],
  ])('%s', (text, value) => {
    expect(inspect(value, { breakLength: Number.POSITIVE_INFINITY })).toBe(text);
  });

  it.each([
    ['{"name":"lab","forward":{"mode":"nat"}}', NatNetwork.create('lab')],
    ['"192.168.50.1/24"', Subnet.parse('192.168.50.1/24')],
    [`{"name":"lab","uuid":"${handle.uuid}"}`, handle],
    ['{"label":"the mock","networks":{},"interfaces":{}}', host],
  ])('%s', (text, value) => {
    expect(JSON.stringify(value)).toBe(text);
  });
});
