import { network, port, type RuleExample, swap } from './example.js';

const PORT = port();

/** The root element, and what a network is called. */
export const IDENTITY: readonly RuleExample[] = [
  {
    rule: 'XML_ROOT',
    is: 'parse',
    at: '',
    line: 1,
    broken: '<netwrok><name>n</name></netwrok>',
    right: network(),
  },
  {
    rule: 'XML_ROOT',
    what: 'a port',
    is: 'parse',
    at: '',
    line: 1,
    format: 'port',
    broken: PORT.replaceAll('networkport', 'port'),
    right: PORT,
  },
  { rule: 'NAME_MISSING', is: 'parse', at: 'name', line: 1, broken: '<network/>', right: network() },
  { rule: 'NAME_MISSING', what: 'data', is: 'parse', at: 'name', broken: { name: '' }, right: { name: 'n' } },
  { rule: 'NAME_SLASH', is: 'parse', at: 'name', ...swap('<network><name>@</name></network>', 'a/b', 'a-b') },
  {
    rule: 'NAME_NEWLINE',
    is: 'define',
    at: 'name',
    ...swap('<network><name>@</name></network>', 'a\nb', 'a b'),
  },
  {
    rule: 'NAME_UUID_SHAPED',
    is: 'unsafe',
    at: 'name',
    ...swap('<network><name>c7c40247-d747-326c-3952-@</name></network>', '304a82a88fd0', '304a82a88fd'),
  },
  {
    rule: 'UUID_MALFORMED',
    is: 'parse',
    at: 'uuid',
    ...swap(network('<uuid>c7c40247-d747-326c-3952-@</uuid>'), '304a82a88fd', '304a82a88fd0'),
  },
  {
    rule: 'UUID_MALFORMED',
    what: 'of a port',
    is: 'parse',
    at: 'uuid',
    format: 'port',
    ...swap(PORT.replace('5d744f21', '@'), '5d744f2', '5d744f21'),
  },
  {
    rule: 'UUID_MALFORMED',
    what: 'of the owner of a port',
    is: 'parse',
    at: 'owner.uuid',
    format: 'port',
    ...swap(PORT.replace('3be805a4', '@'), '3be805a', '3be805a4'),
  },
  {
    rule: 'TITLE_NEWLINE',
    is: 'parse',
    at: 'title',
    fineIn: '9.6.0',
    ...swap(network('<title>@</title>'), 'a\nb', 'a b'),
  },
  {
    rule: 'NET_IPV6_ATTR',
    is: 'parse',
    at: 'ipv6',
    ...swap("<network ipv6='@'><name>n</name></network>", 'on', 'yes'),
  },
  {
    rule: 'DOMAIN_REGISTER_LOCALONLY',
    is: 'parse',
    at: 'domain.register',
    fineIn: '10.0.0',
    ...swap(network("<domain name='d'@ register='yes'/>"), '', " localOnly='yes'"),
  },
];
