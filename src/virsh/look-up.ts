import type { NetworkState, Operations } from '../transport/operations.js';
import { COMMANDS } from './commands.js';
import { documentOf, isUuid, stateOf } from './output.js';
import type { Processes, Task } from './process.js';
import { hasFailed } from './stderr.js';

type Input = Operations['network.lookup']['input'];

/**
 * Looks a network up with one process; its definitions take one more where it is not named by its uuid, since nothing in a
 * batch is quoted.
 */
export async function lookUpNetwork(processes: Processes, input: Input, task: Task): Promise<NetworkState> {
  if (input.xml === true && isUuid(input.network)) return wholeNetwork(processes, input.network, task);
  const state = stateOf(await processes.command(COMMANDS['network.lookup'](input).words, task), task.subject);
  return input.xml === true ? wholeNetwork(processes, state.uuid, task) : state;
}

/** The state and both definitions, all read by one process. */
async function wholeNetwork(processes: Processes, uuid: string, task: Task): Promise<NetworkState> {
  const commands = ['net-info', 'net-dumpxml', 'net-dumpxml --inactive'].map((command) => `${command} ${uuid}`);
  const [info = '', xml = '', inactiveXml = ''] = (await processes.batch(commands, task)).map(({ stdout, stderr }) => {
    if (hasFailed({ stdout, stderr })) throw processes.failure(task.subject, stderr);
    return stdout;
  });
  const state = stateOf(info, task.subject);
  return {
    ...state,
    xml: documentOf(xml, task.subject),
    ...(state.active && state.persistent ? { inactiveXml: documentOf(inactiveXml, task.subject) } : {}),
  };
}
