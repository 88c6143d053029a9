import type { Ovsdb, OvsdbOperation } from '../../src/ovn/index.js';
import { OVN_TABLES } from '../../src/ovn-model/rows.js';

const NEUTRON = { 'neutron:revision_number': '4' };

/** Rows as OpenStack and others have them, some in the very tables and with the very addresses of networks. */
const ROWS: readonly OvsdbOperation[] = [
  {
    op: 'insert',
    table: 'DHCP_Options',
    uuidName: 'dhcp',
    row: { cidr: '10.1.0.0/24', options: { lease_time: '43200' }, external_ids: NEUTRON },
  },
  { op: 'insert', table: 'DNS', uuidName: 'names', row: { records: { 'www.lab.test': '10.1.0.5' } } },
  {
    op: 'insert',
    table: 'ACL',
    uuidName: 'rule',
    row: { priority: 1002, direction: 'to-lport', match: 'outport == @pg_web && ip4', action: 'allow-related' },
  },
  {
    op: 'insert',
    table: 'Logical_Switch_Port',
    uuidName: 'port',
    row: {
      name: 'neutron-port',
      addresses: ['52:54:00:00:01:00 10.1.0.10'],
      dhcpv4_options: { named: 'dhcp' },
      external_ids: NEUTRON,
    },
  },
  {
    op: 'insert',
    table: 'Port_Group',
    uuidName: 'group',
    row: { name: 'pg_web', ports: [{ named: 'port' }], acls: [{ named: 'rule' }] },
  },
  { op: 'insert', table: 'Address_Set', row: { name: 'as_web', addresses: ['10.1.0.0/24'] } },
  {
    op: 'insert',
    table: 'QoS',
    uuidName: 'limit',
    row: { priority: 10, direction: 'to-lport', match: 'outport == "neutron-port"', bandwidth: { rate: 1000 } },
  },
  {
    op: 'insert',
    table: 'Load_Balancer',
    uuidName: 'balancer',
    row: { name: 'lb', protocol: 'tcp', vips: { '198.51.100.10:80': '10.1.0.10:80' } },
  },
  {
    op: 'insert',
    table: 'Logical_Switch',
    row: {
      name: 'neutron-5b1c',
      ports: [{ named: 'port' }],
      dns_records: [{ named: 'names' }],
      qos_rules: [{ named: 'limit' }],
      load_balancer: [{ named: 'balancer' }],
      external_ids: NEUTRON,
    },
  },
  {
    op: 'insert',
    table: 'NAT',
    uuidName: 'nat',
    row: { type: 'snat', external_ip: '192.0.2.10', logical_ip: '10.1.0.0/24' },
  },
  {
    op: 'insert',
    table: 'Logical_Router_Static_Route',
    uuidName: 'route',
    row: { ip_prefix: '0.0.0.0/0', nexthop: '192.0.2.1' },
  },
  {
    op: 'insert',
    table: 'Gateway_Chassis',
    uuidName: 'gateway',
    row: { name: 'lrp_chassis9', chassis_name: 'chassis9', priority: 1 },
  },
  {
    op: 'insert',
    table: 'Logical_Router_Port',
    uuidName: 'inside',
    row: { name: 'lrp', mac: 'fa:16:3e:00:00:01', networks: ['10.1.0.1/24'], gateway_chassis: [{ named: 'gateway' }] },
  },
  {
    op: 'insert',
    table: 'Logical_Router',
    row: {
      name: 'neutron-77aa',
      ports: [{ named: 'inside' }],
      nat: [{ named: 'nat' }],
      static_routes: [{ named: 'route' }],
      external_ids: NEUTRON,
    },
  },
];

/** Has others own a row of every table that networks use. */
export const addForeignRows = async (northbound: Ovsdb): Promise<void> => {
  await northbound.transact(ROWS);
};

/** The rows of others as they are, versions included: a row that was written and is the same shows as well. */
export async function foreignRows(northbound: Ovsdb): Promise<readonly string[]> {
  const results = await northbound.transact(OVN_TABLES.map((table) => ({ op: 'select', table, where: 'all' })));
  return results
    .flatMap(({ rows = [] }) =>
      rows.map((row) =>
        JSON.stringify(Object.entries(row).map(([name, value]) => [name, value instanceof Map ? [...value] : value])),
      ),
    )
    .filter((text) => !text.includes('libvirt-network'))
    .sort();
}
