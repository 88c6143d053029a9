import { randomBytes } from 'node:crypto';
import { CALL_OPTIONS } from '../../async/deadline.js';
import type { CallOptions } from '../../client/index.js';
import { LibvirtError } from '../../errors/index.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { expectOpenings } from '../../preview/arguments.js';
import { mergedOpening, readOpening } from '../../preview/openings/notes.js';
import type { Opening } from '../../preview/openings/opening.js';
import { filesOf, type RenderedOpening, renderOpening } from '../../preview/openings/render.js';
import type { HostFile } from '../../preview/port-forward/index.js';
import { runScript } from '../../process/run-script.js';
import { readFiles } from '../observe/host-files.js';
import { hasNoHook } from '../ports/port-forwards.js';
import { localRunner, type Runner } from '../runner/runner.js';
import { installScript, listScript, removeScript } from './scripts.js';

/** Options of {@link installOpenings} and {@link removeOpenings}. */
export interface OpeningOptions extends CallOptions {
  /** The host. Default: this one. */
  readonly runner?: Runner;
  /** Reports what would be done, and does nothing. Default: false. */
  readonly dryRun?: boolean;
}

const OPTIONS: OptionNames<OpeningOptions> = { ...CALL_OPTIONS, runner: true, dryRun: true };

/** An opening that was installed or removed, or would be. */
export interface OpeningChange {
  /** With the rules that it already had on the host. */
  readonly opening: Opening;
  /** Its files: the script, the hook, and settings of the services that the host has. */
  readonly files: readonly HostFile[];
  /** The command that makes the rules, or removes them. */
  readonly command: readonly string[];
  /** True if the host's script was not so before. */
  readonly changed: boolean;
  /**
   * True if the host had no network hook at all: a running libvirt daemon finds the opening's hook after a restart only.
   * The rules are in place all the same.
   */
  readonly daemonRestartNeeded: boolean;
}

interface Known {
  readonly runner: Runner;
  readonly dryRun: boolean;
  readonly call: CallOptions;
}

const knownOf = (options: OpeningOptions, call: string): Known => {
  const { runner = localRunner(), dryRun = false, signal, timeoutMs } = optionsOf(options, OPTIONS, call);
  return { runner, dryRun, call: { signal, timeoutMs } };
};

/**
 * Installs openings on a host: makes their rules, and keeps them over reloads and restarts of their firewall, of libvirt
 * and of the host. Done again, it changes nothing. Rules of an opening that is installed already stay, and new ones join
 * them. A failure undoes the whole call.
 *
 * @param openings - of `openingsFor` or `allow`
 * @param options - the host
 * @returns one change for each opening, in their order
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for a rule that no firewall can express, before anything is run, and when
 *   a file of an opening's name is somebody else's
 * @throws `TransportError` code `UNEXPECTED_REPLY` with the host's words when a step fails there, and with what could not
 *   be undone
 */
export async function installOpenings(
  openings: readonly Opening[],
  options: OpeningOptions = {},
): Promise<readonly OpeningChange[]> {
  const known = knownOf(options, 'installOpenings');
  expectOpenings(openings, 'installOpenings');
  for (const opening of openings) renderOpening(opening);
  const done: Found[] = [];
  const changes: OpeningChange[] = [];
  for (const opening of openings) {
    const found = await find(opening, known);
    try {
      changes.push(await install(found, known));
      done.unshift(found);
    } catch (error) {
      if (!known.dryRun) for (const one of done) await undo(one, known);
      throw error;
    }
  }
  return changes;
}

/** An opening, and what of it is on the host. */
interface Found {
  readonly opening: Opening;
  readonly rendered: RenderedOpening;
  /** The content of its script. */
  readonly before: string | undefined;
}

async function find(given: Opening, { runner, call }: Known): Promise<Found> {
  const { path } = filesOf(given).script;
  const before = (await readFiles(runner, [path], call))[path]?.content;
  const known = before === undefined ? undefined : readOpening(before);
  if (before !== undefined && known === undefined) throw notOurs(path, runner);
  const opening = mergedOpening(given, known);
  return { opening, rendered: filesOf(opening), before };
}

const notOurs = (path: string, runner: Runner): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `${path} on ${runner.label} was not written by this library`, {
    hint: 'look at the file, and move it away if nothing needs it',
  });

async function install({ opening, rendered, before }: Found, known: Known): Promise<OpeningChange> {
  const { hook, script, apply: command } = rendered;
  const daemonRestartNeeded = hook !== undefined && (await hasNoHook(hook.path, known.runner, known.call));
  if (!known.dryRun) await run(`install the opening for ${opening.purpose}`, installScript(rendered, before), known);
  return changeOf(opening, rendered, { command, changed: before !== script.content, daemonRestartNeeded });
}

/** Gives the host back what it had of an opening. */
async function undo({ opening, rendered, before }: Found, known: Known): Promise<void> {
  const earlier = before === undefined ? undefined : readOpening(before);
  const script = earlier === undefined ? removeScript(rendered) : installScript(renderOpening(earlier), undefined);
  await run(`undo the opening for ${opening.purpose}`, script, known);
}

const changeOf = (
  opening: Opening,
  { script, hook, services }: RenderedOpening,
  rest: Pick<OpeningChange, 'command' | 'changed' | 'daemonRestartNeeded'>,
): OpeningChange => ({
  opening,
  files: [script, ...(hook === undefined ? [] : [hook]), ...services],
  ...rest,
});

const run = (what: string, script: string, { runner, call }: Known): Promise<string> =>
  runScript(runner, { what, script, changes: true, ...call });

/**
 * Removes openings from a host: exactly their rules, then their files. Done again, it changes nothing.
 *
 * @param openings - those to remove; which rules they have does not matter
 * @param options - the host
 * @returns one change for each opening, with the rules that it had on the host
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for what is not a list of openings, and when a file of an opening's name is
 *   somebody else's
 * @throws `TransportError` code `UNEXPECTED_REPLY` with the host's words when a step fails there; the files of that
 *   opening then stay
 */
export async function removeOpenings(
  openings: readonly Opening[],
  options: OpeningOptions = {},
): Promise<readonly OpeningChange[]> {
  const known = knownOf(options, 'removeOpenings');
  expectOpenings(openings, 'removeOpenings');
  const changes: OpeningChange[] = [];
  for (const given of openings) {
    const { opening, rendered, before } = await find({ ...given, rules: [] }, known);
    const changed = before !== undefined;
    if (changed && !known.dryRun) await run(`remove the opening for ${opening.purpose}`, removeScript(rendered), known);
    changes.push(changeOf(opening, rendered, { command: rendered.remove, changed, daemonRestartNeeded: false }));
  }
  return changes;
}

/**
 * Lists the openings that this library has installed on a host.
 *
 * @param options - the host
 * @throws `TransportError` code `UNEXPECTED_REPLY` with the host's words when its files cannot be read
 */
export async function installedOpenings(options: Omit<OpeningOptions, 'dryRun'> = {}): Promise<readonly Opening[]> {
  const { runner, call } = knownOf(options, 'installedOpenings');
  const mark = randomBytes(9).toString('hex');
  const scripts = await runScript(runner, { what: 'list openings', script: listScript(mark), ...call });
  return scripts.split(`${mark}\n`).flatMap((script) => readOpening(script) ?? []);
}
