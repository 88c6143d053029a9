/** Known elements with their attributes, for suggestions. */
export type Vocabulary = Readonly<Record<string, readonly string[]>>;

/** A slip that explains why a tag cannot be read. */
export interface Slip {
  readonly message: string;
  readonly hint: string;
  /** Offset of the slip, where it is not the tag's own. */
  readonly at?: number;
}

/**
 * Explains a start tag that cannot be read: the slips that people make when they type such documents.
 *
 * @param tag - offset of its `<`
 */
export function slipInTag(source: string, tag: number, vocabulary: Vocabulary): Slip | undefined {
  const text = source.slice(tag, tag + 2000);
  return (
    fusedName(text, vocabulary) ??
    placeholderTag(text, vocabulary) ??
    bracketedValue(text, tag) ??
    wrongSign(text, tag) ??
    angleInValue(text, tag) ??
    swallowedAttribute(text, tag) ??
    missingBlank(text, tag) ??
    unclosedTag(text, tag) ??
    missingQuotes(text, tag)
  );
}

/** `<ipaddress='…'>`: the blank after the element's name is missing. */
function fusedName(text: string, vocabulary: Vocabulary): Slip | undefined {
  const [, fused, value] = /^<([A-Za-z:]+)[ \t\r\n]*=[ \t\r\n]*("[^"]*"|'[^']*')/.exec(text) ?? [];
  if (fused === undefined) return undefined;
  const element = Object.keys(vocabulary).find(
    (name) => fused.startsWith(name) && vocabulary[name]?.includes(fused.slice(name.length)),
  );
  if (element === undefined) return undefined;
  const attribute = fused.slice(element.length);
  return {
    message: `<${fused}=${value}> is not a tag: a space is missing after '${element}'`,
    hint: `did you mean <${element} ${attribute}=${value} ...>?`,
  };
}

/** `<uuid><your uuid></uuid>`: words in angle brackets stand for a value. */
function placeholderTag(text: string, vocabulary: Vocabulary): Slip | undefined {
  const [whole, word = ''] = /^<([A-Za-z][\w-]*)(?:[ ]+[\w.,'-]+)+>/.exec(text) ?? [];
  return whole === undefined || Object.hasOwn(vocabulary, word) ? undefined : standsForValue(whole);
}

/** `<ip address='<your ip>'/>` or `<bootp file='<http://a/b>'/>`: a value that came in angle brackets. */
function bracketedValue(text: string, tag: number): Slip | undefined {
  const good = ATTRIBUTES.exec(text)?.[0] ?? '';
  const [, start = '', name, value] =
    /^(\s+([\w:.-]+)\s*=\s*["'])(<[^<>"'%?]*>)["']/.exec(text.slice(good.length)) ?? [];
  if (name === undefined || value === undefined) return undefined;
  const at = tag + good.length + start.length;
  return { message: `the value of the attribute ${name} is in angle brackets`, hint: 'write the value alone', at };
}

/** `<bridge name: 'br0'/>`, `<bridge name=='br0'/>` or `<bridge name=>'br0'/>` */
function wrongSign(text: string, tag: number): Slip | undefined {
  const good = ATTRIBUTES.exec(text)?.[0] ?? '';
  const [, blank = '', name, value] =
    /^(\s+)([\w.-]+)\s*(?::=|:|=>|==)\s*("[^"<>]*"|'[^'<>]*')/.exec(text.slice(good.length)) ?? [];
  if (name === undefined) return undefined;
  const at = tag + good.length + blank.length;
  return { message: `the attribute ${name} needs = before its value`, hint: `write ${name}=${value}`, at };
}

/** A tag that stands for a value. */
export const standsForValue = (tag: string): Slip => ({
  message: `${tag} is a placeholder, not an element`,
  hint: 'write the value in its place',
});

/** `<txt value='a<b'/>`: what is in quotes on one line was meant to be there. */
function angleInValue(text: string, tag: number): Slip | undefined {
  const good = ATTRIBUTES.exec(text)?.[0] ?? '';
  const rest = text.slice(good.length);
  const [, start = '', name, value] = /^(\s+([\w:.-]+)\s*=\s*)("[^"\n>]*"|'[^'\n>]*')/.exec(rest) ?? [];
  if (name === undefined || value?.includes('<') !== true) return undefined;
  return {
    message: `'<' must not stand in the value of the attribute ${name}`,
    hint: 'write &lt;',
    at: tag + good.length + start.length + value.indexOf('<'),
  };
}

const unclosedQuote = (name: string, at: number): Slip => ({
  message: `the quote of the attribute ${name} is not closed`,
  hint: 'close it with the quote that opened it',
  at,
});

/** `<ip address='10.0.0.1 prefix='24'/>`: the value reaches to the next quote, and ends with a name and a sign. */
function swallowedAttribute(text: string, tag: number): Slip | undefined {
  const good = ATTRIBUTES.exec(text)?.[0] ?? '';
  const [whole, name] = /([\w:.-]+)\s*=\s*(?:"[^"]*\s[\w:.-]+\s*="|'[^']*\s[\w:.-]+\s*=')$/.exec(good) ?? [];
  return name === undefined || whole === undefined ? undefined : unclosedQuote(name, tag + good.length - whole.length);
}

/** `<ip address='10.0.0.1' <dhcp>` */
function unclosedTag(text: string, tag: number): Slip | undefined {
  const good = ATTRIBUTES.exec(text)?.[0];
  const next = good === undefined ? undefined : /^\s*<\/?[\w:.-]*/.exec(text.slice(good.length))?.[0].trim();
  if (good === undefined || next === undefined) return undefined;
  const name = /^<[\w:.-]+/.exec(good)?.[0] ?? '<';
  const hint = `write > before it, or /> if ${name}> is empty`;
  return { message: `the tag ${name}> is not closed before ${next}`, hint, at: tag + good.length };
}

const ATTRIBUTES = /^<[\w:.-]+(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*/;

/** `<range start='…'end='…'>` */
function missingBlank(text: string, tag: number): Slip | undefined {
  const good = ATTRIBUTES.exec(text)?.[0] ?? '';
  const next = /^[\w:.-]+(?=\s*=)/.exec(text.slice(good.length))?.[0];
  if (next === undefined || !/['"]$/.test(good)) return undefined;
  return {
    message: `a blank is missing before the attribute ${next}`,
    hint: `write ' ${next}='`,
    at: tag + good.length,
  };
}

/** `<mtu size=1500/>` or `<bridge stp>` */
function missingQuotes(text: string, tag: number): Slip | undefined {
  const good = ATTRIBUTES.exec(text)?.[0] ?? '';
  const [, blank, name, value] = /^(\s+)([\w:.-]+)(?:\s*=\s*([^\s"'<>/]*))?/.exec(text.slice(good.length)) ?? [];
  if (name === undefined || blank === undefined) return undefined;
  const at = tag + good.length + blank.length;
  if (value === undefined) return { message: `the attribute ${name} has no value`, hint: `write ${name}='...'`, at };
  if (value === '') return unclosedQuote(name, at);
  const plain = value.replace(/[`\u2018-\u201f\u00ab\u00bb\u2039\u203a]/g, '');
  const problem = plain === value ? 'needs quotes' : /`/.test(value) ? 'has backquotes' : 'has typographic quotes';
  return { message: `the value of the attribute ${name} ${problem}`, hint: `write ${name}='${plain}'`, at };
}
