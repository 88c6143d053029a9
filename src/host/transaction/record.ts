import { LibvirtError } from '../../errors/index.js';
import { type Fields, parseRecord, recordsIn, textAt, textsAt } from '../../host-facts/json-fields.js';
import { compact, listOf } from '../../schema/values.js';
import { digestOfFile, type FoundFile } from '../observe/host-files.js';
import type { StatePaths } from './host-change.js';

/** Record of a bridge that this library created, in the folder of records on its host. */
export interface BridgeRecord {
  readonly bridge: string;
  readonly backend: string;
  readonly ports: readonly string[];
  /** The files that were written. */
  readonly files: readonly RecordedFile[];
  /** Commands that have the network system forget the bridge once its files are gone. */
  readonly revert: readonly (readonly string[])[];
}

/** A file that was written, with what it takes to know it again. */
export interface RecordedFile {
  readonly path: string;
  /** SHA-256 of its content: one that was changed since is somebody else's. */
  readonly sha256: string;
  /** Where what stood there before is kept. */
  readonly backup?: string;
}

/** Where the record of a bridge is kept. */
export function recordPath({ records }: StatePaths, bridge: string): string {
  if (/^[^\s/\p{Cc}]{1,15}$/u.test(bridge) && bridge !== '.' && bridge !== '..') return `${records}/${bridge}.json`;
  throw new LibvirtError('INVALID_ARGUMENT', `"${bridge}" is not a valid name for a bridge`, {
    hint: 'use 1 to 15 characters without blanks and slashes',
  });
}

/** A record as text. */
export const printRecord = (record: BridgeRecord): string => `${JSON.stringify(record, null, 2)}\n`;

/** A record from its text; absent where there is none that can be read. */
export function readRecord(source: string | undefined): BridgeRecord | undefined {
  const fields = parseRecord(source ?? '') ?? {};
  const [bridge, backend] = [textAt(fields, 'bridge'), textAt(fields, 'backend')];
  if (bridge === undefined || backend === undefined) return undefined;
  return {
    bridge,
    backend,
    ports: textsAt(fields, 'ports'),
    files: recordsIn(fields['files']).flatMap(readRecordedFile),
    revert: recordedCommands(fields),
  };
}

const readRecordedFile = (fields: Fields): readonly RecordedFile[] => {
  const [path, sha256] = [textAt(fields, 'path'), textAt(fields, 'sha256')];
  return path === undefined || sha256 === undefined
    ? []
    : [compact({ path, sha256, backup: textAt(fields, 'backup') })];
};

const recordedCommands = (fields: Fields): readonly (readonly string[])[] =>
  listOf(fields['revert']).map((command) => textsAt({ command }, 'command'));

/** Tells whether a file is one that was written by us and is as we left it. */
export const isOurs = (record: BridgeRecord | undefined, found: FoundFile): boolean =>
  record?.files.some((file) => file.path === found.path && file.sha256 === digestOfFile(found)) === true;
