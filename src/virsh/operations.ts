import type { Subject } from '../transport/libvirt-error.js';
import type { Operation, Operations } from '../transport/operations.js';
import { capabilitiesOf } from './capabilities.js';
import { COMMANDS, type CommandOperation } from './commands.js';
import { listNetworks } from './list.js';
import { lookUpNetwork } from './look-up.js';
import { documentOf, elementOf, interfacesOf, leasesOf, uuidsOf } from './output.js';
import type { Processes, Task } from './process.js';
import { setText } from './text.js';

type Handler<K extends Operation> = (input: Operations[K]['input'], task: Task) => Promise<Operations[K]['output']>;

/** How virsh carries out each operation. */
export type Handlers = { readonly [K in Operation]: Handler<K> };

/** How virsh carries out each operation, over these processes. */
export function handlersFor(processes: Processes): Handlers {
  /** Pairs a command with the reader of its output. */
  const by =
    <K extends CommandOperation>(
      operation: K,
      parse: (text: string, subject: Subject) => Operations[K]['output'],
      headings = false,
    ): Handler<K> =>
    async (input, task) => {
      const { words, document } = COMMANDS[operation](input);
      const text = await processes.command(words, task, {
        headings,
        ...(document === undefined ? {} : { input: document }),
      });
      return parse(text, task.subject);
    };
  const nothing = () => undefined;
  return {
    'host.capabilities': (_, task) => capabilitiesOf(processes, task),
    'host.interfaces': by('host.interfaces', interfacesOf, true),
    'interface.dump': by('interface.dump', documentOf),
    'network.list': (input, task) => listNetworks(processes, input, task),
    'network.lookup': (input, task) => lookUpNetwork(processes, input, task),
    'network.dump': by('network.dump', documentOf),
    'network.define': by('network.define', nothing),
    'network.create': by('network.create', nothing),
    'network.start': by('network.start', nothing),
    'network.destroy': by('network.destroy', nothing),
    'network.undefine': by('network.undefine', nothing),
    'network.autostart': by('network.autostart', nothing),
    'network.update': by('network.update', nothing),
    'network.leases': by('network.leases', leasesOf, true),
    'network.ports': by('network.ports', uuidsOf),
    'port.dump': by('port.dump', documentOf),
    'port.create': by('port.create', nothing),
    'port.delete': by('port.delete', nothing),
    'metadata.get': by('metadata.get', elementOf),
    'metadata.set': by('metadata.set', nothing),
    'text.set': (input, task) => setText(processes, input, task),
  };
}
