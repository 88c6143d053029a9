import type { CallOptions } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import { askHost } from '../../host/observe/ask.js';
import type { Runner } from '../../host/runner/runner.js';
import { quote } from '../../shell/quote.js';
import type { HostEvidence, NotSeen, ProbeEvidence } from '../evidence.js';
import { LOOKS } from './looks.js';

/** A guest's address, and where the host reaches it. */
export interface ProbeTarget {
  readonly guest: string;
  readonly mac: string;
  readonly bridge: string;
  readonly address: string;
}

/** A guest that has an answer gives it within two seconds, or the kernel has found nobody to ask by then. */
const SECONDS = 2;

/** busybox, which small hosts have in place of iputils, prints no names anyway. */
const FIND_PING =
  'if command -v ping >/dev/null; then ping="ping -n"; elif command -v busybox >/dev/null; then ping="busybox ping"; else exit 1; fi';

/** Sends one echo request to each guest, all at once, and looks afterwards who the host has found. */
export async function probeGuests(
  evidence: HostEvidence,
  targets: readonly ProbeTarget[],
  { runner, ...options }: CallOptions & { readonly runner: Runner | undefined },
): Promise<HostEvidence> {
  if (runner === undefined || targets.length === 0) return evidence;
  const pings = targets.map(
    ({ bridge, address }, i) =>
      `($ping -c 1 -W ${SECONDS} -I ${quote(bridge)} ${quote(address)} >/dev/null 2>&1 && echo ${i}) &`,
  );
  const pieces = {
    pings: [FIND_PING, ...pings, 'wait'].join('\n'),
    neighbours: LOOKS.neighbours.script,
  };
  try {
    const { pings: answers, neighbours } = await askHost(runner, pieces, {
      what: 'send packets to guests',
      ...options,
    });
    if (answers?.output === undefined)
      return { ...evidence, notSeen: [...evidence.notSeen, notSent('the host has no ping')] };
    const answered = new Set(answers.output.split('\n'));
    const probes = targets.map((target, i): ProbeEvidence => ({ ...target, answered: answered.has(String(i)) }));
    const looks =
      neighbours?.output === undefined ? evidence.looks : { ...evidence.looks, neighbours: neighbours.output };
    return { ...evidence, looks, probes };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!LibvirtError.is(error)) throw error;
    return { ...evidence, notSeen: [...evidence.notSeen, notSent(error.message)] };
  }
}

const notSent = (why: string): NotSeen => ({
  what: 'answers of guests to packets of the host',
  why,
  how: 'install ping of iputils on the host, or diagnose without probe',
});
