/**
 * The tables of the northbound database that the mock has: per column its type, then `?` for an optional value, `*` for a set, `+` for a set that is
 * not empty, or the type of the values of a map after `:`; then the table that it refers to with `weak` where that row may go, or the values that
 * it may have. Source: ovn-nb(5).
 */
export const NORTHBOUND = {
  NB_Global: {
    kind: 'root max 1',
    columns: {
      ...{
        name: 'string',
        nb_cfg: 'integer',
        nb_cfg_timestamp: 'integer',
        sb_cfg: 'integer',
        sb_cfg_timestamp: 'integer',
      },
      ...{ hv_cfg: 'integer', hv_cfg_timestamp: 'integer', external_ids: 'string:string', options: 'string:string' },
      ...{ ipsec: 'boolean' },
    },
  },
  Logical_Switch: {
    kind: 'root',
    columns: {
      ...{ name: 'string', ports: 'uuid* Logical_Switch_Port', acls: 'uuid* ACL', qos_rules: 'uuid* QoS' },
      ...{ load_balancer: 'uuid* Load_Balancer weak', dns_records: 'uuid* DNS weak' },
      ...{ other_config: 'string:string', external_ids: 'string:string' },
    },
  },
  Logical_Switch_Port: {
    kind: 'index name',
    columns: {
      ...{ name: 'string', type: 'string', options: 'string:string', parent_name: 'string?' },
      ...{
        tag_request: 'integer? 0..4095',
        tag: 'integer? 1..4095',
        addresses: 'string*',
        dynamic_addresses: 'string?',
      },
      ...{ port_security: 'string*', up: 'boolean?', enabled: 'boolean?' },
      ...{ dhcpv4_options: 'uuid? DHCP_Options weak', dhcpv6_options: 'uuid? DHCP_Options weak' },
      ...{ external_ids: 'string:string' },
    },
  },
  Logical_Router: {
    kind: 'root',
    columns: {
      ...{ name: 'string', ports: 'uuid* Logical_Router_Port', static_routes: 'uuid* Logical_Router_Static_Route' },
      ...{ enabled: 'boolean?', nat: 'uuid* NAT', load_balancer: 'uuid* Load_Balancer weak' },
      ...{ options: 'string:string', external_ids: 'string:string' },
    },
  },
  Logical_Router_Port: {
    kind: 'index name',
    columns: {
      ...{ name: 'string', gateway_chassis: 'uuid* Gateway_Chassis', options: 'string:string', networks: 'string+' },
      ...{
        mac: 'string',
        peer: 'string?',
        enabled: 'boolean?',
        ipv6_ra_configs: 'string:string',
        ipv6_prefix: 'string*',
      },
      ...{ external_ids: 'string:string' },
    },
  },
  Logical_Router_Static_Route: {
    kind: '',
    columns: {
      ...{ route_table: 'string', ip_prefix: 'string', policy: 'string? src-ip,dst-ip', nexthop: 'string' },
      ...{ output_port: 'string?', options: 'string:string', external_ids: 'string:string' },
    },
  },
  Gateway_Chassis: {
    kind: 'index name',
    columns: {
      ...{ name: 'string', chassis_name: 'string', priority: 'integer 0..32767' },
      ...{ external_ids: 'string:string', options: 'string:string' },
    },
  },
  NAT: {
    kind: '',
    columns: {
      ...{ external_ip: 'string', external_mac: 'string?', external_port_range: 'string', logical_ip: 'string' },
      ...{ logical_port: 'string?', type: 'string dnat,snat,dnat_and_snat', allowed_ext_ips: 'uuid? Address_Set' },
      ...{ exempted_ext_ips: 'uuid? Address_Set', gateway_port: 'uuid? Logical_Router_Port weak' },
      ...{ options: 'string:string', external_ids: 'string:string' },
    },
  },
  ACL: {
    kind: '',
    columns: {
      ...{ name: 'string?', priority: 'integer 0..32767', direction: 'string from-lport,to-lport', match: 'string' },
      ...{ action: 'string allow,allow-related,allow-stateless,drop,reject', log: 'boolean' },
      ...{ severity: 'string? alert,warning,notice,info,debug', meter: 'string?', label: 'integer 0..4294967295' },
      ...{ options: 'string:string', external_ids: 'string:string' },
    },
  },
  QoS: {
    kind: '',
    columns: {
      ...{ priority: 'integer 0..32767', direction: 'string from-lport,to-lport', match: 'string' },
      ...{ action: 'string:integer', bandwidth: 'string:integer', external_ids: 'string:string' },
    },
  },
  Port_Group: {
    kind: 'root index name',
    columns: {
      ...{ name: 'string', ports: 'uuid* Logical_Switch_Port weak', acls: 'uuid* ACL', external_ids: 'string:string' },
    },
  },
  Address_Set: {
    kind: 'root index name',
    columns: { name: 'string', addresses: 'string*', external_ids: 'string:string' },
  },
  Load_Balancer: {
    kind: 'root',
    columns: {
      ...{ name: 'string', vips: 'string:string', protocol: 'string? tcp,udp,sctp', ip_port_mappings: 'string:string' },
      ...{ selection_fields: 'string* eth_src,eth_dst,ip_src,ip_dst,tp_src,tp_dst' },
      ...{ options: 'string:string', external_ids: 'string:string' },
    },
  },
  DHCP_Options: {
    kind: 'root',
    columns: { cidr: 'string', options: 'string:string', external_ids: 'string:string' },
  },
  DNS: {
    kind: 'root',
    columns: { records: 'string:string', external_ids: 'string:string' },
  },
} as const;
