import type { HostView } from '../../client/index.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { runScript } from '../../process/run-script.js';
import { localRunner, type Runner } from '../runner/runner.js';
import { FACT_PROBES, readFacts } from './observe.js';
import { probe } from './probes.js';

/** Options of {@link localView}. */
export interface LocalViewOptions {
  /** The way to the host that libvirt runs on. Default: this machine. */
  readonly runner?: Runner | undefined;
}

/** A view of a host through programs that run there. `diagnose` of `libvirt-network/doctor` takes it too. */
export interface LocalView extends HostView {
  /** The way to the host. */
  readonly runner: Runner;
}

const OPTIONS: OptionNames<LocalViewOptions> = { runner: true };

/**
 * Looks at a host with `ip` of iproute2, and puts devices into bridges and marks them with it, which needs root.
 *
 * @param options - the way to the host: `sshRunner()` for another machine
 *
 * @example
 * ```ts
 * await host.networks.ensure(lab, { restart: 'always', view: localView() });
 * ```
 */
export function localView(options: LocalViewOptions = {}): LocalView {
  const { runner = localRunner() } = optionsOf(options, OPTIONS, 'localView');
  return {
    runner,
    look: async (options = {}) => readFacts(await probe(runner, FACT_PROBES, options), runner.label),
    attach: async (device, bridge, options = {}) => {
      const what = `put ${device} into bridge ${bridge}`;
      await runScript(runner, { what, script: ATTACH, args: [device, bridge], changes: true, ...options });
    },
    setAlias: async (device, text, options = {}) => {
      const what = `set the alias of ${device}`;
      await runScript(runner, { what, script: SET_ALIAS, args: [device, text], changes: true, ...options });
    },
  };
}

const ATTACH = 'ip link set dev "$1" master "$2" && ip link set dev "$1" up';
const SET_ALIAS = 'ip link set dev "$1" alias "$2"';
