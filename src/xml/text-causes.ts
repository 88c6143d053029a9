// What happened to a text on its way here: templates, shells, web pages, mails, chats, diffs. Where one of these explains a
// refusal, it is what a person would name, and more use than what a parser says of the place where it gave up.

import { placeholderIn } from './placeholder.js';

/** A cause that explains why a text cannot be read. */
export interface Cause {
  /** Says it, where the parser's own words would mislead. */
  readonly message?: string;
  readonly hint: string;
  /** How far after the place it is. Default: 0. */
  readonly offset?: number;
}

/** A text and the place where it cannot be read. */
interface Failure {
  readonly source: string;
  /** The source from the place on, as far as a person would look. */
  readonly rest: string;
  /** What comes before the place, as far as a person would look. */
  readonly before: string;
  /** The line that holds the place. */
  readonly line: string;
  /** What the source begins with, without blanks. */
  readonly head: string;
}

/** Longest line that is looked at: text of one line can be long. */
const LONGEST_LINE = 1000;

/**
 * Names the cause of a refusal, if what is around its place or at the beginning of the text shows it.
 *
 * @param at - offset of the place where reading stopped
 */
export function causeOf(source: string, at: number): Cause | undefined {
  const begin = Math.max(source.lastIndexOf('\n', at - 1) + 1, at - LONGEST_LINE);
  const end = source.indexOf('\n', at);
  const failure: Failure = {
    source,
    rest: source.slice(at, at + LONGEST_LINE),
    before: source.slice(Math.max(0, at - LONGEST_LINE), at),
    line: source.slice(begin, end === -1 ? at + LONGEST_LINE : Math.min(end, at + LONGEST_LINE)),
    head: source.slice(0, 4 * LONGEST_LINE).trimStart(),
  };
  for (const look of LOOKS) {
    const cause = look(failure);
    if (cause !== undefined) return cause;
  }
  return undefined;
}

type Look = (failure: Failure) => Cause | undefined;

const when =
  (isCause: (failure: Failure) => boolean, hint: string, message?: string): Look =>
  (failure) =>
    isCause(failure) ? { hint, ...(message === undefined ? {} : { message }) } : undefined;

const isBeforeRoot = ({ source, rest }: Failure): boolean =>
  source.trimStart().startsWith(rest.trimStart().slice(0, 40));

/** A placeholder in the tag or the text that cannot be read, not one further on. */
const templates: Look = ({ rest }) => {
  const near = rest.split('\n', 1)[0]?.slice(0, 200) ?? '';
  const left = placeholderIn(near);
  const offset = near.indexOf(left ?? '');
  if (left === undefined || near.slice(0, offset).includes('>')) return undefined;
  return {
    message: `the template placeholder ${left} was not filled in`,
    hint: 'render the template before reading it',
    offset,
  };
};

/** In the order in which they are looked for: what leaves marks of its own comes first. */
const LOOKS: readonly Look[] = [
  when(
    ({ line }) => /^(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)/.test(line),
    'resolve the merge conflict, then read the document again',
    'the text holds the markers of a merge conflict',
  ),
  when(
    ({ head }) => /^(?:diff --git |--- \S|Index: |@@ -\d)/.test(head),
    'apply the diff, or read the file itself',
    'the text is a diff',
  ),
  when(
    ({ line, head }) => /^[+-]\s*</.test(line) && /^[+ -]?\s*[<-]/.test(head),
    'remove the + and - signs of the diff at the beginning of lines',
    'lines begin with the signs of a diff',
  ),
  when(
    ({ line, rest }) =>
      /&(?:amp;)?(?:lt|gt|quot|#34|#39|#60|#62);/.test(rest.slice(0, 80)) && /&\w+;|&#\d+;/.test(line),
    'replace &lt; &gt; &quot; &amp; by the characters that they stand for',
    'the text went through HTML escaping',
  ),
  when(({ rest }) => /^&(?:nbsp|emsp|ensp|thinsp);/.test(rest), 'replace it by an ordinary space'),
  when(
    ({ rest }) =>
      /^[ \t\r\n]*[\u00a0\u2000-\u200b\u202f\u3000\ufeff]/.test(rest) ||
      /^<[\w:.-]*[\u00a0\u2000-\u200b\u202f]/.test(rest),
    'replace it by an ordinary space, as text from web pages and chats often needs',
    'there is a space that XML does not know, such as a non-breaking one',
  ),
  when(
    ({ line }) => /[\w:.-]=3D["']/i.test(line),
    "decode the mail's quoted-printable text first",
    'the text went through the encoding of a mail: = is written =3D',
  ),
  when(
    (failure) => isBeforeRoot(failure) && /^["'`]\s*(?:\\n|\s)*</.test(failure.head),
    'decode the string first: one of JSON with JSON.parse, others as the program that wrote them does',
    'the document is quoted as a string of a program',
  ),
  when(
    ({ line, rest }) => /=[ \t]*\\["']/.test(rest.slice(0, 200)) || /^\\["'n]/.test(rest) || /=[ \t]*\\["']/.test(line),
    'remove the backslashes, which belong to a shell or a program',
    'quotes are escaped with a backslash',
  ),
  when(
    ({ line }) => /[\w:.-]=(?:""[^"<>=\s][^"<>=]*""|''[^'<>=\s][^'<>=]*'')/.test(line),
    'write each quote once',
    'quotes are doubled, as in CSV or YAML',
  ),
  templates,
  when(
    (failure) => isBeforeRoot(failure) && /^[[{]\s*"[^<]*"\s*:\s*"[^"]*</.test(failure.head),
    'pass the text of the document alone, as JSON.parse gives it',
    'the document is a value in JSON',
  ),
  when(
    (failure) => isBeforeRoot(failure) && /^[[{]\s*["\]}[{]/.test(failure.head),
    'build a network from its data with Network.from',
    'the text is JSON, not XML',
  ),
  when(
    (failure) => isBeforeRoot(failure) && /^(?:\.{0,2}\/|[A-Za-z]:\\|~\/)[^\s<>]+\s*$/.test(failure.head),
    'read the file first and pass its content',
    'the text is the path of a file',
  ),
  when(
    (failure) => isBeforeRoot(failure) && /^error: /.test(failure.head),
    'run the command again and look at its error',
    'the text is an error message, not a document',
  ),
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
    (failure) => isBeforeRoot(failure) && /^1[:.|)\t ]\s*</.test(failure.head),
    'remove the numbers at the beginning of lines',
    'lines begin with line numbers',
  ),
  when(
    (failure) => isBeforeRoot(failure) && /^(?:\[[^\]\n]*\]|[\w.@:~/-]*)[#$%>] \S/.test(failure.head),
    'remove the command and the prompt before the document',
    'the text begins with the prompt of a terminal',
  ),
  when(
    (failure) =>
      (isBeforeRoot(failure) && /<<-?\s*['"]?\w+/.test(failure.head.split('\n', 1)[0] ?? '')) ||
      /^(?:EOF|EOT|END|XML)\s*$/.test(failure.line),
    'remove the lines of the shell around the document',
    'the text holds the here-document of a shell script',
  ),
  when(
    ({ rest }) => /^<!DOCTYPE\s+html|^<html/i.test(rest),
    'pass the document itself, not the page that shows it',
    'the text is a web page',
  ),
  when(
    ({ rest }) => /^<!?[\u2013\u2014]/.test(rest) || /^<!-[^-]/.test(rest),
    'write a comment as <!-- ... -->',
    'the hyphens of a comment are wrong',
  ),
  when(({ before, rest }) => /^<\?xml[\s?]/i.test(rest) && /<\/?\w/.test(before), 'read each document by itself'),
  when(
    ({ rest }) => /^<\?xml[\s?]/i.test(rest),
    'remove what comes before the XML declaration, blanks and empty lines too',
  ),
  when(({ rest }) => /^<\s+\/?[\w:.-]/.test(rest) || /^<\/\s+[\w:.-]/.test(rest), 'remove the space after < or </'),
  when(
    ({ rest }) => /^[ \t\r\n]*[,;]/.test(rest),
    'separate attributes by spaces alone',
    'there is a comma or semicolon between attributes',
  ),
  when(({ rest }) => /^[ \t\r\n]*\/[ \t\r\n]+>/.test(rest), 'write /> without a space'),
  when(
    ({ rest }) => /^(?:\.{3}|\u2026|\[\.{3}\]|\[\u2026\])/.test(rest),
    'put the whole document in place of the dots',
    'parts of the document were left out',
  ),
];
