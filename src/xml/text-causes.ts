// What happened to a text on its way here: templates, shells, web pages, mails, chats, diffs. Where one of these explains a
// refusal, it is what a person would name, and more use than what a parser says of the place where it gave up.

import { type Cause, type Failure, isBeforeRoot, type Look, when } from './cause.js';
import { disguisedIn } from './characters.js';
import { placeholderIn } from './placeholder.js';
import { WRAPPINGS } from './wrapping-causes.js';

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

/** What begins a placeholder, and what ends it. */
const BRACKETS: Readonly<Record<string, string>> = {
  '{{': '}}',
  '{%': '%}',
  '<%': '%>',
  '${': '}',
  '#{': '}',
  '$(': ')',
};

/** `name="{{ "a" }}"`: the value ended at the quote inside of the placeholder. */
const brokenPlaceholder: Look = ({ before, rest }) => {
  const [open = '', bracket = ''] = /(\{[{%]|<%|[$#]\{|\$\()[^{}<>\n]{0,80}$/.exec(before) ?? [];
  const close = BRACKETS[bracket];
  const end = close === undefined ? -1 : rest.indexOf(close);
  if (end === -1 || /[<>\n]/.test(rest.slice(0, end))) return undefined;
  return {
    message: `the template placeholder ${open}${rest.slice(0, end)}${close} was not filled in`,
    hint: 'render the template before reading it',
    offset: -open.length,
  };
};

/** In a tag, only what stands for one of XML's own characters stops reading. */
const disguised: Look = ({ rest }) => {
  const word = /^\s*<?\/?[^\s<>/"']*/.exec(rest)?.[0] ?? '';
  const found = disguisedIn(word);
  return found === undefined ? undefined : { message: found.message, hint: found.hint, offset: found.at };
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
      /^[ \t\r\n]*[\u00a0\u2000-\u200a\u202f\u3000]/.test(rest) || /^<[\w:.-]*[\u00a0\u2000-\u200a\u202f]/.test(rest),
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
  brokenPlaceholder,
  ...WRAPPINGS,
  disguised,
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
    ({ before, rest }) => before !== '' && /^<\?xml[\s?]/i.test(rest),
    'remove what comes before the XML declaration, blanks and empty lines too',
  ),
  when(
    (failure) => isBeforeRoot(failure) && /^<xml[\s>]/i.test(failure.rest),
    "write <?xml version='1.0'?>, with question marks, or leave it out",
  ),
  when(({ rest }) => /^<\\/.test(rest), 'write </ to close an element'),
  when(
    ({ rest, before }) => /^<[ \t]+[\w:.-]/.test(rest) && !/^\s*$|>\s*$/.test(before),
    'write &lt; for the sign, or remove the space of a tag',
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
