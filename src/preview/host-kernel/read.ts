import { LibvirtError } from '../../errors/index.js';
import { readRoutes } from '../../host-facts/read-ip-json.js';
import { readRoutingRules } from '../../host-facts/routing-rules.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import type { HostKernel } from './model.js';

/** What the programs of a host print about its routes and settings. What is absent is taken to be as libvirt leaves it. */
export interface KernelDumps {
  /**
   * Output of `sysctl -a`, or a part of it: lines `name = value`. The settings of a bridge in /sys can be added as
   * `bridge.virbr0.nf_call_iptables = 1`.
   */
  readonly sysctl?: string;
  /** Output of `ip -j -4 route show table all`. */
  readonly routes?: string;
  /** Output of `ip -j -6 route show table all`. */
  readonly routes6?: string;
  /** Output of `ip -j -4 rule show`. */
  readonly rules?: string;
  /** Output of `ip -j -6 rule show`. */
  readonly rules6?: string;
}

const DUMPS: OptionNames<KernelDumps> = { sysctl: true, routes: true, routes6: true, rules: true, rules6: true };

/**
 * Reads the routes, routing rules and settings of a host that decide about packets. `explainFlow`, `reachability` and
 * `checkFirewall` take them.
 *
 * @param dumps - what the host's programs print
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for text that is not of these programs
 */
export function readHostKernel(dumps: KernelDumps): HostKernel {
  const { sysctl = '', routes, routes6, rules, rules6 } = optionsOf(dumps, DUMPS, 'readHostKernel');
  const both = <T>(first: readonly T[] | undefined, second: readonly T[] | undefined): readonly T[] | undefined =>
    first === undefined && second === undefined ? undefined : [...(first ?? []), ...(second ?? [])];
  const allRoutes = both(
    read('routes', routes, (text) => readRoutes('ipv4', text, 'the host')),
    read('routes6', routes6, (text) => readRoutes('ipv6', text, 'the host')),
  );
  const allRules = both(
    read('rules', rules, (text) => readRoutingRules('ipv4', text, 'the host')),
    read('rules6', rules6, (text) => readRoutingRules('ipv6', text, 'the host')),
  );
  return {
    settings: settingsIn(sysctl),
    ...(allRoutes === undefined ? {} : { routes: allRoutes }),
    ...(allRules === undefined ? {} : { rules: allRules }),
  };
}

function read<T>(name: string, text: string | undefined, reader: (text: string) => T): T | undefined {
  if (text === undefined) return undefined;
  try {
    return reader(text);
  } catch (cause) {
    throw new LibvirtError('INVALID_ARGUMENT', `${name} is not the output of ip -j`, {
      hint: 'pass the whole output of: ip -j -4 route show table all, or of: ip -j -4 rule show',
      cause,
    });
  }
}

const settingsIn = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const [, name, value] = /^\s*([^\s=]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
