import type { NetworkOperations } from '../transport/operations.js';
import { copies, flag, maybe, STDIN, value, type Words } from './words.js';

/** Operations of networks that one virsh command carries out. */
export type CommandOperation = Exclude<keyof NetworkOperations, 'host.capabilities' | 'network.list' | 'text.set'>;

type Table = { readonly [K in CommandOperation]: (input: NetworkOperations[K]['input']) => Words };

/** A command for one network. */
const on =
  (command: string) =>
  ({ network }: { readonly network: string }): Words => ({ words: [command, value('network', network)] });

/** Commands of each operation of networks. */
export const COMMANDS: Table = {
  'host.interfaces': () => ({ words: ['iface-list', '--all'] }),
  'interface.dump': ({ name }) => ({ words: ['iface-dumpxml', value('interface', name)] }),
  'network.lookup': on('net-info'),
  'network.dump': ({ network, inactive }) => ({
    words: ['net-dumpxml', value('network', network), ...flag('inactive', inactive)],
  }),
  'network.define': ({ xml, validate }) => ({
    words: ['net-define', value('file', STDIN), ...flag('validate', validate)],
    document: xml,
  }),
  'network.create': ({ xml, validate }) => ({
    words: ['net-create', value('file', STDIN), ...flag('validate', validate)],
    document: xml,
  }),
  'network.start': on('net-start'),
  'network.destroy': on('net-destroy'),
  'network.undefine': on('net-undefine'),
  'network.autostart': ({ network, enabled }) => ({
    words: ['net-autostart', value('network', network), ...flag('disable', !enabled)],
  }),
  'network.update': ({ network, command, section, xml, parentIndex, ...wanted }) => ({
    words: [
      'net-update',
      value('network', network),
      value('command', command),
      value('section', section),
      // Text that does not begin with < is the name of a file.
      value('xml', STDIN),
      ...maybe('parent-index', parentIndex),
      ...copies(wanted),
    ],
    document: xml,
  }),
  'network.leases': ({ network, mac }) => ({
    words: ['net-dhcp-leases', value('network', network), ...maybe('mac', mac)],
  }),
  'network.ports': ({ network }) => ({ words: ['net-port-list', value('network', network), '--uuid'] }),
  'port.dump': ({ network, port }) => ({ words: ['net-port-dumpxml', value('network', network), value('port', port)] }),
  'port.create': ({ network, xml }) => ({
    words: ['net-port-create', value('network', network), value('file', STDIN)],
    document: xml,
  }),
  'port.delete': ({ network, port }) => ({
    words: ['net-port-delete', value('network', network), value('port', port)],
  }),
  'metadata.get': ({ network, uri, inactive }) => ({
    words: ['net-metadata', value('network', network), value('uri', uri), ...flag('config', inactive)],
  }),
  'metadata.set': ({ network, uri, key, xml, ...wanted }) => ({
    words: [
      'net-metadata',
      value('network', network),
      value('uri', uri),
      ...(xml === undefined ? ['--remove'] : [value('key', key), value('set', xml)]),
      ...copies(wanted),
    ],
  }),
};
