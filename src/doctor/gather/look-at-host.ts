import type { CallOptions } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import { type Answer, askHost } from '../../host/observe/ask.js';
import type { Runner } from '../../host/runner/runner.js';
import type { HostEvidence, NotSeen } from '../evidence.js';
import { LOOKS, type LookName } from './looks.js';

/** What the host's programs and files say, and what of it could not be seen. */
export type Seen = Pick<HostEvidence, 'looks' | 'notSeen'>;

const isLook = (name: string): name is LookName => Object.hasOwn(LOOKS, name);
const NAMES = Object.keys(LOOKS).filter(isLook);

/** Looks at a host by one run of a script; without a way to run it, all of that is not seen. */
export async function lookAtHost(runner: Runner | undefined, options: CallOptions): Promise<Seen> {
  if (runner === undefined) return { looks: {}, notSeen: [NO_RUNNER] };
  const scripts = Object.fromEntries(NAMES.map((name) => [name, LOOKS[name].script]));
  try {
    return seenIn(await askHost(runner, scripts, { what: 'look at the host', reasons: true, ...options }), runner);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!LibvirtError.is(error)) throw error;
    return {
      looks: {},
      notSeen: [{ ...NO_RUNNER, why: error.message, how: 'make the runner work, then diagnose again' }],
    };
  }
}

const NO_RUNNER: NotSeen = {
  what: 'the host itself: devices, routes, packet filters, settings, dnsmasq',
  why: 'no view of the host was given',
  how: 'pass { view: localView() }, or { view: localView({ runner: sshRunner(...) }) } for another host',
};

function seenIn(answers: Partial<Record<string, Answer>>, { label }: Runner): Seen {
  const looks: Partial<Record<LookName, string>> = {};
  const lacking = new Map<string, string>();
  for (const name of NAMES) {
    const { output, error } = answers[name] ?? {};
    if (output !== undefined) looks[name] = output;
    else
      lacking.set(
        LOOKS[name].what,
        `${LOOKS[name].source} failed on ${label}${error === undefined ? '' : `: ${error}`}`,
      );
  }
  return { looks, notSeen: [...lacking].map(([what, why]) => ({ what, why, how: howToSee(why) })) };
}

const howToSee = (why: string): string =>
  /permi|root|not permitted/i.test(why)
    ? 'run as root: localRunner({ prefix: ["sudo", "-n"] }), or sshRunner(host, { sudo: true })'
    : /not found/.test(why)
      ? 'install the program on the host'
      : 'run the command by hand on the host';
