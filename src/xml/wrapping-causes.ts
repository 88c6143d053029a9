// What stands around a document when it comes from somewhere else: programs, terminals, mails, lists.

import { isBeforeRoot, type Look, when } from './cause.js';

/** What the text begins with says what it is. */
const beginning = (with_: RegExp, hint: string, message: string): Look =>
  when((failure) => isBeforeRoot(failure) && with_.test(failure.head), hint, message);

const PROMPT = /^(?:virsh|\[[^\]\n]*\]|[\w.@:~/-]*) ?[#$%>](?: \S|\s*$)/;

/** In the order in which they are looked for. */
export const WRAPPINGS: readonly Look[] = [
  beginning(
    /^[[{]\s*"[^<]*"\s*:\s*"[^"]*</,
    'pass the text of the document alone, as JSON.parse gives it',
    'the document is a value in JSON',
  ),
  beginning(
    /^(?:---\s+|[A-Za-z_][\w.-]*:\s+|-\s+)+(?:[|>][\d+-]*\s+|["'])?</,
    'pass the text of the document alone, as a reader of YAML gives it',
    'the document is a value in YAML',
  ),
  beginning(/^[[{]\s*["\]}[{]/, 'build a network from its data with Network.from', 'the text is JSON, not XML'),
  beginning(
    /^(?:\.{0,2}\/|[A-Za-z]:\\|~\/)[^\s<>]+\s*$/,
    'read the file first and pass its content',
    'the text is the path of a file',
  ),
  beginning(/^error: /, 'run the command again and look at its error', 'the text is an error message, not a document'),
  beginning(
    /^(?:null|undefined|NaN|true|false|None|\[object \w+\])\s*$/,
    'look where the program gets the document from',
    'the text is an empty value of a program, not a document',
  ),
  beginning(/^P[A-P][\w+/\r\n]{14,}={0,2}\s*$/, 'decode the base64 first', 'the document is encoded in base64'),
  when(
    ({ source }) => /^(?:.\0.\0|\0.\0.)/.test(source),
    'read the file as UTF-16',
    'the text is UTF-16 that was read as another encoding',
  ),
  when(({ rest }) => rest.startsWith('\u001b['), "print the document without a terminal's colors"),
  when(
    ({ line, head }) => /^(?:```|~~~)/.test(line) || /^(?:```|~~~)/.test(head),
    'remove the lines of the code block',
    'the text holds the fence of a code block',
  ),
  when(
    ({ line, head }) => /^[ \t]*>[ \t]*(?:<|>|$)/.test(line) && /^>/.test(head),
    'remove the > signs at the beginning of lines',
    'lines begin with the quote sign of a mail or chat',
  ),
  when(
    ({ line, head }) => /(?:\$|\^M)$/.test(line) && /^(?:\^I)*<[^\n]*\$\n/.test(head),
    'print the file without -A, or read the file itself',
    'the text shows its line ends as $, as cat -A prints them',
  ),
  beginning(/^1[:.|)\t ]\s*</, 'remove the numbers at the beginning of lines', 'lines begin with line numbers'),
  beginning(
    PROMPT,
    'remove the command and the prompt before the document',
    'the text begins with the prompt of a terminal',
  ),
  when(({ line }) => PROMPT.test(line), 'remove the prompt', 'the text ends with the prompt of a terminal'),
  when(
    (failure) =>
      (isBeforeRoot(failure) && /^[^<\n]+<<-?\s*['"]?\w+/.test(failure.head)) ||
      /^(?:EOF|EOT|END|XML)\s*$/.test(failure.line),
    'remove the lines of the shell around the document',
    'the text holds the here-document of a shell script',
  ),
  beginning(
    /^(?:b|r|u|f|br|rb)?(?:"{3}|'{3}|["'`])\s*</,
    'pass the string itself, not the source text of a program',
    'the document is quoted as a string of a program',
  ),
  beginning(
    /^([^\s<]{1,3})[ \t]*<[^\n]*\n\1/,
    'remove the signs at the beginning of lines',
    'lines begin with signs that are not the document',
  ),
  beginning(/^<<+/, 'write < once', 'the text begins with more than one <'),
];
