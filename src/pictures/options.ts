import { LibvirtError } from '../errors/index.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { shown } from '../options/shown.js';
import type { PictureLanguage } from './words.js';

/**
 * Formats of pictures.
 *
 * - `svg`: a self-contained picture for pages and slides, light or dark as the reader's scheme
 * - `mermaid`: a flowchart for Mermaid, which Markdown pages of GitHub and GitLab show
 * - `dot`: a graph for Graphviz
 * - `text`: plain text of at most 100 columns
 */
export type PictureFormat = 'svg' | 'mermaid' | 'dot' | 'text';

/** Options for pictures. */
export interface PictureOptions {
  /** Format of the picture. */
  readonly format: PictureFormat;
  /** Language of the words in it; names, addresses and rules stay as they are. Default: `en`. */
  readonly language?: PictureLanguage;
}

export const PICTURE_OPTIONS: OptionNames<PictureOptions> = { format: true, language: true };

const FORMATS: Readonly<Record<PictureFormat, true>> = { svg: true, mermaid: true, dot: true, text: true };
const LANGUAGES: Readonly<Record<PictureLanguage, true>> = { en: true, es: true };

/** Options with their defaults. */
export type KnownOptions = Required<PictureOptions>;

/**
 * Checks the options of a picture and fills in the defaults.
 *
 * @throws LibvirtError code `INVALID_ARGUMENT`
 */
export function pictureOptions(given: PictureOptions, call: string): KnownOptions {
  const { format, language = 'en' } = optionsOf(given, PICTURE_OPTIONS, call);
  expectOneOf('format', format, FORMATS);
  expectOneOf('language', language, LANGUAGES);
  return { format, language };
}

function expectOneOf(what: string, value: unknown, known: Readonly<Record<string, true>>): void {
  if (typeof value === 'string' && Object.hasOwn(known, value)) return;
  throw new LibvirtError('INVALID_ARGUMENT', `'${shown(value)}' is not a ${what} of pictures`, {
    hint: `use one of ${Object.keys(known).join(', ')}`,
  });
}
