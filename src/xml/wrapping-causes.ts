// What stands around a document when it comes from somewhere else: programs, terminals, mails, lists.

import { isBeforeRoot, type Look, when } from './cause.js';

/** What the text begins with says what it is. */
const beginning = (with_: RegExp, hint: string): Look =>
  when((failure) => isBeforeRoot(failure) && with_.test(failure.head), hint);

const PROMPT = /^(?:virsh|\[[^\]\n]*\]|[\w.@:~/-]*) ?[#$%>](?: \S|\s*$)/;

/** In the order in which they are looked for. */
export const WRAPPINGS: readonly Look[] = [
  beginning(/^[[{]\s*"[^<]*"\s*:\s*"[^"]*</, 'pass the text of the document alone, as JSON.parse gives it'),
  beginning(
    /^(?:---\s+|[A-Za-z_][\w.-]*:\s+|-\s+)+(?:[|>][\d+-]*\s+|["'])?</,
    'pass the text of the document alone, as a reader of YAML gives it',
  ),
  beginning(/^[[{]\s*["\]}[{]/, 'build a network from its data with Network.from'),
  beginning(/^(?:\.{0,2}\/|[A-Za-z]:\\|~\/)[^\s<>]+\s*$/, 'read the file first and pass its content'),
  beginning(/^error: /, 'run the command again and look at its error'),
  beginning(
    /^(?:null|undefined|NaN|true|false|None|\[object \w+\])\s*$/,
    'look where the program gets the document from',
  ),
  beginning(/^P[A-P][\w+/\r\n]{14,}={0,2}\s*$/, 'decode the base64 first'),
  when(
    ({ source }) => /^(?:.\0.\0|\0.\0.)/.test(source),
    'read the file as UTF-16',
    'the text is UTF-16 that was read as another encoding',
  ),
  when(({ rest }) => rest.startsWith('\u001b['), "print the document without a terminal's colors"),
  when(
    ({ line, head }) => /^(?:```|~~~)/.test(line) || /^(?:```|~~~)/.test(head),
    'remove the lines of the code block',
  ),
  when(
    ({ line, head }) => /^[ \t]*>[ \t]*(?:<|>|$)/.test(line) && /^>/.test(head),
    'remove the > signs at the beginning of lines',
  ),
  when(
    ({ line, head }) => /(?:\$|\^M)$/.test(line) && /^(?:\^I)*<[^\n]*\$\n/.test(head),
    'print the file without -A, which shows line ends as $',
  ),
  beginning(/^1[:.|)\t ]\s*</, 'remove the numbers at the beginning of lines'),
  beginning(PROMPT, 'remove the command and the prompt before the document'),
  when(({ line }) => PROMPT.test(line), 'remove the prompt'),
  when(
    (failure) =>
      (isBeforeRoot(failure) && /^[^<\n]+<<-?\s*['"]?\w+/.test(failure.head)) ||
      /^(?:EOF|EOT|END|XML)\s*$/.test(failure.line),
    'remove the lines of the shell around the document',
  ),
  beginning(/^(?:b|r|u|f|br|rb)?(?:"{3}|'{3}|["'`])\s*</, 'pass the string itself, not the source text of a program'),
  beginning(/^([^\s<]{1,3})[ \t]*<[^\n]*\n\1/, 'remove the signs at the beginning of lines'),
  beginning(/^<<+/, 'write < once'),
];
