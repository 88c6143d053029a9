import type { Operation } from '../transport/operations.js';
import { capabilitiesOf } from './capabilities.js';
import { COMMANDS } from './commands.js';
import { filterHandlers } from './filter-operations.js';
import { guestHandlers } from './guest-operations.js';
import { type Handlers, nothing, reading } from './handler.js';
import { listNetworks } from './list.js';
import { lookUpNetwork } from './look-up.js';
import { documentOf, elementOf, interfacesOf, leasesOf, uuidsOf } from './output.js';
import type { Processes } from './process.js';
import { setText } from './text.js';

/** How virsh carries out each operation, over these processes. */
export function handlersFor(processes: Processes): Handlers<Operation> {
  const by = reading(processes);
  return {
    'host.capabilities': (_, task) => capabilitiesOf(processes, task),
    'host.interfaces': by(COMMANDS['host.interfaces'], interfacesOf, true),
    'interface.dump': by(COMMANDS['interface.dump'], documentOf),
    'network.list': (input, task) => listNetworks(processes, input, task),
    'network.lookup': (input, task) => lookUpNetwork(processes, input, task),
    'network.dump': by(COMMANDS['network.dump'], documentOf),
    'network.define': by(COMMANDS['network.define'], nothing),
    'network.create': by(COMMANDS['network.create'], nothing),
    'network.start': by(COMMANDS['network.start'], nothing),
    'network.destroy': by(COMMANDS['network.destroy'], nothing),
    'network.undefine': by(COMMANDS['network.undefine'], nothing),
    'network.autostart': by(COMMANDS['network.autostart'], nothing),
    'network.update': by(COMMANDS['network.update'], nothing),
    'network.leases': by(COMMANDS['network.leases'], leasesOf, true),
    'network.ports': by(COMMANDS['network.ports'], uuidsOf),
    'port.dump': by(COMMANDS['port.dump'], documentOf),
    'port.create': by(COMMANDS['port.create'], nothing),
    'port.delete': by(COMMANDS['port.delete'], nothing),
    'metadata.get': by(COMMANDS['metadata.get'], elementOf),
    'metadata.set': by(COMMANDS['metadata.set'], nothing),
    'text.set': (input, task) => setText(processes, input, task),
    ...guestHandlers(processes),
    ...filterHandlers(processes),
  };
}
