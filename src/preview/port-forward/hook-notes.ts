import type { PortForward } from '../../schema/port-forward.js';
import { decodePortForwards, encodePortForwards } from '../../schema/port-forward-metadata.js';
import { isRecord, listOf } from '../../schema/values.js';
import type { ForwardPlan } from './plan.js';

/** Beginning of the line by which the hooks of a host know each other's port forwards. */
export const NOTE = '# Forwards: ';

/** The line of a hook that says whose port forwards it makes, in JSON: no name can break out of the comment. */
export function hookNote({ network, given }: Pick<ForwardPlan, 'network' | 'given'>): string {
  const forwards = encodePortForwards(given).children.map((child) =>
    child.type === 'element' ? child.attributes : {},
  );
  return NOTE + JSON.stringify({ network, forwards });
}

/** What such a line says; nothing for one that this library has not written. */
export function readHookNote(
  line: string,
): { readonly name: string; readonly forwards: readonly PortForward[] } | undefined {
  const note = line.startsWith(NOTE) ? parsed(line.slice(NOTE.length)) : undefined;
  if (!isRecord(note) || typeof note['network'] !== 'string') return undefined;
  const children = listOf(note['forwards']).map((one) => ({
    type: 'element' as const,
    name: 'forward',
    attributes: textsOf(one),
    children: [],
  }));
  const entries = decodePortForwards({ type: 'element', name: 'portForwards', attributes: {}, children });
  return { name: note['network'], forwards: entries.filter((entry) => typeof entry !== 'string') };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const textsOf = (value: unknown): Record<string, string> =>
  isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {};
