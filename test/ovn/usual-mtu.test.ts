import { expect, it } from 'vitest';
import { IsolatedNetwork } from '../../src/index.js';
import { northboundRows } from '../../src/ovn-model/northbound-rows.js';

const network = IsolatedNetwork.create('lab')
  .subnet('172.30.0.1/24', (s) => s.dhcp('172.30.0.100', '172.30.0.199'))
  .subnet('fd00:30::1/64');

const mtusOf = (one: IsolatedNetwork): readonly unknown[] =>
  northboundRows(one, undefined).flatMap(({ columns }) =>
    ['options', 'ipv6_ra_configs'].flatMap((name) => {
      const value = columns[name];
      return typeof value === 'object' && 'mtu' in value ? [value['mtu']] : [];
    }),
  );

it('guests of a network on OVN without an MTU get the one that Geneve leaves of 1500 bytes', () => {
  expect(mtusOf(network)).toEqual(['1442', '1442']);
  expect(mtusOf(network.mtu(8942))).toEqual(['8942', '8942']);
});
