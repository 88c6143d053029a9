import { type Issue, LibvirtError, ValidationError } from '../../errors/index.js';
import { collector } from '../check/context.js';
import type { IfcfgConsumer } from '../render/rendering.js';
import { withoutSecrets } from './without-secrets.js';

/** A file of a host's network configuration, as it was found. */
export interface SourceFile {
  /** Its path; some systems tell by the name what is in it, and in which order files count. */
  readonly path: string;
  readonly content: string;
}

/** Context that readers share: it collects the settings that they leave out. */
export interface ReadContext {
  /** The bridge to read; absent for the only one. */
  readonly name: string | undefined;
  /** Who reads ifcfg files. */
  readonly consumer: IfcfgConsumer | undefined;
  /** Names of the host's devices, for files that name them by patterns; absent when they are not known. */
  readonly devices: readonly string[] | undefined;
  /** Tells of something that the model has no place for. Nothing is left out in silence. */
  readonly leaveOut: (file: SourceFile, line: number, what: string) => void;
  /** Refuses a text that the system itself could not read. */
  readonly refuse: (file: SourceFile, line: number, why: string) => never;
}

/** Collects what is left out as warnings with file and line. */
export function readContext(
  into: Issue[],
  { name, consumer, devices }: { readonly [K in 'name' | 'consumer' | 'devices']?: ReadContext[K] },
): ReadContext {
  const report = collector(into);
  return {
    name,
    consumer,
    devices,
    leaveOut: ({ path }, line, what) =>
      report('HB_NOT_READ', '', { file: path, line, what: withoutSecrets(what) }, line),
    refuse: ({ path }, line, why) => {
      const issues: Issue[] = [];
      collector(issues)('HB_FILE_SYNTAX', '', { file: path, line, why }, line);
      throw new ValidationError(path, issues);
    },
  };
}

/**
 * The bridge that is meant among those that were found.
 *
 * @throws {@link LibvirtError} code `NOT_FOUND` when there is none, `INVALID_ARGUMENT` when there are several
 */
export function chooseBridge(found: readonly string[], { name }: ReadContext): string {
  const [only, ...others] = found;
  if (name === undefined && only !== undefined && others.length === 0) return only;
  if (name !== undefined && found.includes(name)) return name;
  if (name !== undefined || only === undefined)
    throw new LibvirtError('NOT_FOUND', `there is no bridge ${name === undefined ? '' : `'${name}' `}in these files`, {
      hint: found.length === 0 ? 'give the files of the bridge and of its ports' : `there are: ${found.join(', ')}`,
    });
  throw new LibvirtError('INVALID_ARGUMENT', `there are several bridges in these files: ${found.join(', ')}`, {
    hint: 'say which one is meant, as in { name: "br0" }',
  });
}
