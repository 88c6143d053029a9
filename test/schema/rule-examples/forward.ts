import { network, port, type RuleExample, SUBNET, swap } from './example.js';

const nat = (...parts: readonly string[]): string =>
  network("<forward mode='nat'>", '<nat>', ...parts, '</nat>', '</forward>', SUBNET);
const hostdev = (...parts: readonly string[]): string => network("<forward mode='hostdev'>", ...parts, '</forward>');
const PLUG = "<plug type='hostdev-pci'>";

/** The mode of `<forward>`, and what it demands. */
export const FORWARD: readonly RuleExample[] = [
  {
    rule: 'FWD_MODE_UNKNOWN',
    is: 'parse',
    at: 'forward.mode',
    ...swap(network("<forward mode='@'/>"), 'isolated', 'none'),
  },
  {
    rule: 'FWD_DRIVER',
    is: 'parse',
    at: 'forward.driver.name',
    ...swap(hostdev("<driver name='@'/>", "<pf dev='eth0'/>"), 'uio', 'vfio'),
  },
  {
    rule: 'FWD_DRIVER',
    what: "Xen's",
    is: 'parse',
    at: 'forward.driver.name',
    libvirt: '9.10.0',
    fineIn: '10.0.0',
    ...swap(hostdev("<driver name='@'/>", "<pf dev='eth0'/>"), 'xen', 'vfio'),
  },
  {
    rule: 'FWD_DRIVER',
    what: "Xen's, of a port",
    is: 'parse',
    at: 'plug.driver.name',
    format: 'port',
    libvirt: '9.10.0',
    fineIn: '10.0.0',
    ...swap(port(PLUG, "<driver name='@'/>", "<address bus='1'/>", '</plug>'), 'xen', 'vfio'),
  },
  {
    rule: 'FWD_NEEDS_IP',
    is: 'parse',
    at: 'forward',
    line: 3,
    broken: network("<forward mode='route'/>"),
    right: network("<forward mode='route'/>", SUBNET),
  },
  {
    rule: 'FWD_NEEDS_IP',
    what: 'an open network',
    is: 'parse',
    at: 'forward',
    line: 3,
    libvirt: '10.7.0',
    fineIn: '10.8.0',
    broken: network("<forward mode='open'/>"),
    right: network("<forward mode='open'/>", SUBNET),
  },
  {
    rule: 'FWD_OPEN_DEV',
    is: 'parse',
    at: 'forward.dev',
    ...swap(network("<forward mode='open' @/>", SUBNET), "dev='eth0'", ''),
  },
  {
    rule: 'FWD_OPEN_DEV',
    what: 'an interface',
    is: 'parse',
    at: 'forward.interfaces',
    ...swap(network("<forward mode='open'>", '@', '</forward>', SUBNET), "<interface dev='eth0'/>", ''),
  },
];

/** Address translation. */
export const NAT: readonly RuleExample[] = [
  {
    rule: 'NAT_TWICE',
    is: 'parse',
    at: 'forward.nat',
    ...swap(network("<forward mode='nat'>", '<nat/>', '@', '</forward>', SUBNET), '<nat/>', ''),
  },
  {
    rule: 'NAT_MODE',
    is: 'parse',
    at: 'forward.nat',
    line: 4,
    ...{
      broken: network("<forward mode='route'>", '<nat/>', '</forward>', SUBNET),
      right: network("<forward mode='nat'>", '<nat/>', '</forward>', SUBNET),
    },
  },
  {
    rule: 'NAT_ADDR_TWICE',
    is: 'parse',
    at: 'forward.nat.address',
    ...swap(
      nat("<address start='192.0.2.1' end='192.0.2.9'/>", '@'),
      "<address start='192.0.2.1' end='192.0.2.9'/>",
      '',
    ),
  },
  {
    rule: 'NAT_PORT_TWICE',
    is: 'parse',
    at: 'forward.nat.port',
    ...swap(nat("<port start='1024' end='2048'/>", '@'), "<port start='1024' end='2048'/>", ''),
  },
  ...(['start', 'end'] as const).flatMap((name): RuleExample[] => {
    const other = name === 'start' ? 'end' : 'start';
    return [
      {
        rule: 'NAT_ADDR_ATTR',
        is: 'parse',
        at: `forward.nat.address.${name}`,
        ...swap(nat(`<address ${other}='192.0.2.1'@/>`), '', ` ${name}='192.0.2.1'`),
      },
      {
        rule: 'NAT_ADDR_BAD',
        is: 'parse',
        at: `forward.nat.address.${name}`,
        ...swap(nat(`<address ${other}='192.0.2.1' ${name}='@'/>`), '2001:db8::1', '192.0.2.1'),
      },
      {
        rule: 'NAT_PORT_BAD',
        what: `without ${name}`,
        is: 'parse',
        at: `forward.nat.port.${name}`,
        ...swap(nat(`<port ${other}='1024'@/>`), '', name === 'start' ? " start='1023'" : " end='1025'"),
      },
      {
        rule: 'NAT_PORT_BAD',
        is: 'parse',
        at: `forward.nat.port.${name}`,
        ...swap(
          nat(name === 'start' ? "<port end='65535' start='@'/>" : "<port start='1' end='@'/>"),
          '65536',
          name === 'start' ? '65534' : '65535',
        ),
      },
    ];
  }),
  {
    rule: 'NAT_ADDR_RANGE',
    is: 'parse',
    at: 'forward.nat.address',
    ...swap(nat("<address start='192.0.2.9' end='192.0.2.@'/>"), '8', '9'),
  },
  {
    rule: 'NAT_ADDR_RANGE',
    what: '65537 addresses',
    is: 'parse',
    at: 'forward.nat.address',
    ...swap(nat("<address start='10.1.0.1' end='10.2.0.@'/>"), '1', '0'),
  },
  {
    rule: 'NAT_PORT_BAD',
    what: 'in reverse',
    is: 'parse',
    at: 'forward.nat.port',
    ...swap(nat("<port start='2048' end='@'/>"), '2047', '2049'),
  },
  {
    rule: 'NAT_PORT_EQUAL',
    is: 'start',
    at: 'forward.nat.port',
    ...swap(nat("<port start='2048' end='@'/>"), '2048', '2049'),
  },
];

const NEEDS_DEVICE: readonly RuleExample[] = [
  {
    rule: 'FWD_IF_NO_DEV',
    is: 'parse',
    at: 'forward.interfaces[0].dev',
    ...swap(network("<forward mode='route'>", '<interface@/>', '</forward>', SUBNET), '', " dev='eth0'"),
  },
  { rule: 'FWD_PF_NO_DEV', is: 'parse', at: 'forward.pf.dev', ...swap(hostdev('<pf@/>'), '', " dev='eth0'") },
];

/** The devices of `<forward>`. */
export const DEVICES: readonly RuleExample[] = [
  ...NEEDS_DEVICE,
  {
    rule: 'FWD_DEV_AND_POOL',
    is: 'parse',
    at: 'forward.dev',
    ...swap(network("<forward mode='passthrough'@>", "<pf dev='eth1'/>", '</forward>'), " dev='eth0'", ''),
    also: [['DROPPED', 'warning', 'forward.pf', 4]],
  },
  {
    rule: 'FWD_DEV_MISMATCH',
    is: 'parse',
    at: 'forward.dev',
    ...swap(network("<forward mode='route' dev='@'>", "<interface dev='eth0'/>", '</forward>', SUBNET), 'eth1', 'eth0'),
  },
  {
    rule: 'FWD_IF_DUP',
    is: 'parse',
    at: 'forward.interfaces[1].dev',
    ...swap(
      network("<forward mode='private'>", "<interface dev='eth0'/>", "<interface dev='@'/>", '</forward>'),
      'eth0',
      'eth1',
    ),
  },
  {
    rule: 'FWD_ADDR_NO_TYPE',
    is: 'parse',
    at: 'forward.addresses[0].type',
    ...swap(hostdev("<address@ bus='3'/>"), '', " type='pci'"),
  },
  {
    rule: 'FWD_ADDR_TYPE',
    is: 'parse',
    at: 'forward.addresses[0].type',
    ...swap(hostdev("<address type='@' bus='3'/>"), 'usb', 'pci'),
  },
  ...(
    [
      ['bus', '0x100', '0xff'],
      ['slot', '0x20', '0x1f'],
      ['function', '8', '7'],
    ] as const
  ).map(
    ([name, wrong, right]): RuleExample => ({
      rule: 'FWD_PCI_RANGE',
      is: 'parse',
      at: `forward.addresses[0].${name}`,
      ...swap(hostdev(`<address type='pci' domain='1' ${name}='@'/>`), wrong, right),
    }),
  ),
  {
    rule: 'FWD_PCI_RANGE',
    what: 'of a port',
    is: 'parse',
    at: 'plug.address.function',
    format: 'port',
    ...swap(port(PLUG, "<address bus='1' function='@'/>", '</plug>'), '8', '7'),
  },
  {
    rule: 'FWD_PCI_DUP',
    is: 'parse',
    at: 'forward.addresses[1]',
    ...swap(hostdev("<address type='pci' bus='3'/>", "<address type='pci' bus='@'/>"), '0x03', '0x04'),
  },
  {
    rule: 'FWD_PF_TWICE',
    is: 'parse',
    at: 'forward.pf',
    ...swap(hostdev("<pf dev='eth0'/>", '@'), "<pf dev='eth0'/>", ''),
  },
  {
    rule: 'FWD_MULTI_IF',
    is: 'parse',
    at: 'forward.interfaces',
    line: 4,
    ...twoInterfaces("<interface dev='eth1'/>"),
  },
  {
    rule: 'FWD_HOSTDEV_NETDEV',
    is: 'define',
    at: 'forward',
    ...swap(network("<forward mode='@'>", "<interface dev='eth0'/>", '</forward>'), 'hostdev', 'passthrough'),
  },
  {
    rule: 'FWD_PCI_MODE',
    is: 'define',
    at: 'forward.addresses',
    ...swap(network("<forward mode='@'>", "<address type='pci' bus='3'/>", '</forward>'), 'private', 'hostdev'),
    line: 4,
  },
];

function twoInterfaces(second: string): Pick<RuleExample, 'broken' | 'right'> {
  const whole = (other: string) =>
    network("<forward mode='route'>", "<interface dev='eth0'/>", other, '</forward>', SUBNET);
  return { broken: whole(second), right: whole('') };
}
