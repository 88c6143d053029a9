import type { Command, RenderedFile } from '../../host-bridge/render/rendering.js';
import { quote } from '../../shell/quote.js';
import type { HostChange, StatePaths } from './host-change.js';
import {
  AGENT,
  ALIVE,
  APPLY_HEAD,
  CLAIM,
  LAUNCH,
  OPEN,
  PERSIST_HEAD,
  PLACE,
  UNDO_HEAD,
  UNPERSIST_HEAD,
} from './shell.js';

/** A command as one line of a POSIX script. */
export const scriptLine = (command: Command): string => command.map(quote).join(' ');

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

/** The files of a transaction, by their names in its folder. */
export function transactionFiles(change: HostChange): Readonly<Record<string, string>> {
  return {
    'agent.sh': AGENT,
    'alive.sh': ALIVE,
    'apply.sh': applyScript(change),
    'rollback.sh': rollbackScript(change),
    'persist.sh': persistScript(change),
    'unpersist.sh': unpersistScript(change),
    ...Object.fromEntries(change.trialFiles.map(({ file }, i) => [`files/t${i}`, file.content])),
    ...Object.fromEntries(
      change.write.flatMap(({ file, copyOf }, i) => (copyOf === undefined ? [[`files/w${i}`, file.content]] : [])),
    ),
  };
}

const place = (name: string, path: string, { mode, owner }: RenderedFile, verb: string): string =>
  `${verb} ${scriptLine([name, path, octal(mode), owner])}`;

function applyScript({ trialFiles, apply }: HostChange): string {
  const files = trialFiles.map(({ file, path }, i) => `step file${i} ${place(`t${i}`, path, file, 'place')}`);
  const steps = apply.map((command, i) => `step ${i} ${scriptLine(command)}`);
  return [APPLY_HEAD, PLACE, ...files, ...steps, 'ln -s 0 applied', ''].join('\n');
}

function rollbackScript({ trialFiles, undo }: HostChange): string {
  const files = trialFiles.map(({ path }, i) => `unplace t${i} ${quote(path)}`);
  return [PLACE, UNDO_HEAD, ...files, ...undo.map((command) => `limited ${scriptLine(command)}`), ''].join('\n');
}

/** Everything that needs room on the disk comes before the first file is replaced. */
function persistScript({ trialFiles, write, remove, afterwards, prune }: HostChange): string {
  const targets = targetsOf(
    write.map(({ file }) => file.path),
    remove,
  );
  return [
    PERSIST_HEAD,
    PLACE,
    UNDO_HEAD,
    ...write.map(({ file, copyOf }, i) =>
      copyOf === undefined
        ? place(`w${i}`, file.path, file, 'stage')
        : `stage_copy ${scriptLine([`w${i}`, file.path, copyOf])}`,
    ),
    ...remove.map((path, i) => `keep r${i} ${quote(path)}`),
    ...write.flatMap(({ file, backup }) => (backup === undefined ? [] : [`backup ${scriptLine([file.path, backup])}`])),
    ...write.map(({ file }, i) => `replace w${i} ${quote(file.path)}`),
    ...remove.map((path, i) => `discard r${i} ${quote(path)}`),
    'sync',
    ...trialFiles.map(({ path }, i) => `unplace t${i} ${quote(path)}`),
    ...afterwards.map((command) => `limited ${scriptLine(command)}`),
    ...targets.map(([name, path]) => `settle ${scriptLine([name, path])}`),
    ...prune.map((folder) => `prune ${quote(folder)}`),
    'exit 0',
    '',
  ].join('\n');
}

const targetsOf = (write: readonly string[], remove: readonly string[]): readonly (readonly [string, string])[] => [
  ...write.map((path, i) => [`w${i}`, path] as const),
  ...remove.map((path, i) => [`r${i}`, path] as const),
];

function unpersistScript({ write, remove }: HostChange): string {
  const targets = targetsOf(
    write.map(({ file }) => file.path),
    remove,
  );
  const backups = write.flatMap(({ backup }) => (backup === undefined ? [] : [`rm -f ${quote(backup)}`]));
  return [UNPERSIST_HEAD, ...targets.map((target) => `restore ${scriptLine(target)}`), ...backups, 'empty', ''].join(
    '\n',
  );
}

/** Description of a transaction, for whoever finds it later. */
export interface TransactionAbout {
  readonly id: string;
  readonly bridge: string;
  readonly action: 'apply' | 'remove';
}

/** Builds the script that writes the transaction, claims the host and starts it; nothing remains if it fails. */
export function openScript(change: HostChange, about: TransactionAbout, paths: StatePaths, seconds: number): string {
  const files = { ...transactionFiles(change), 'about.json': JSON.stringify(about) };
  const variables = [`state=${quote(paths.state)}`, `id=${quote(about.id)}`, `limit=${quote(String(seconds))}`];
  const writes = Object.entries(files).map(([name, content]) => `printf %s ${quote(content)} >${name} || exit 71`);
  return [...variables, OPEN, ...writes, CLAIM, LAUNCH].join('\n');
}
