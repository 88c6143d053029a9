import { askEach, type EachCommand } from './ask-each.js';
import { documentOf } from './output.js';
import type { Processes, Task } from './process.js';

/** What libvirt knows of a network or guest, as far as its definitions are concerned. */
interface Definable {
  readonly uuid: string;
  readonly active: boolean;
  readonly persistent: boolean;
}

/** A state with its definitions. */
type Defined<T> = T & { readonly xml: string; readonly inactiveXml?: string };

/** Which definitions are read. */
export interface DefinitionsWanted<T> {
  readonly states: readonly T[];
  /** True for the stored definition of what is active, too. */
  readonly bothCopies: boolean;
}

/**
 * Reads definitions; what went away in the meantime is left out.
 *
 * @param dump - the command that prints the running definition, or with `--inactive` the stored one
 */
export async function withDefinitions<T extends Definable>(
  processes: Processes,
  dump: EachCommand,
  { states, bothCopies }: DefinitionsWanted<T>,
  task: Task,
): Promise<Defined<T>[]> {
  const ask = (command: string, of: readonly Definable[]) =>
    askEach(
      processes,
      { ...dump, command },
      of.map(({ uuid }) => uuid),
      task,
    );
  const documents = await ask(dump.command, states);
  const found = states.filter(({ uuid }) => documents.has(uuid));
  const twofold = bothCopies ? found.filter(({ active, persistent }) => active && persistent) : [];
  const stored = await ask(`${dump.command} --inactive`, twofold);
  return found.map((state) => {
    const inactive = stored.get(state.uuid);
    return {
      ...state,
      xml: documentOf(documents.get(state.uuid) ?? '', task.subject),
      ...(inactive === undefined ? {} : { inactiveXml: documentOf(inactive, task.subject) }),
    };
  });
}
