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
  return fusedName(text, vocabulary) ?? placeholder(text, tag) ?? missingBlank(text, tag) ?? missingQuotes(text, tag);
}

/** `<ipaddress='…'>`: the blank behind the element's name is missing. */
function fusedName(text: string, vocabulary: Vocabulary): Slip | undefined {
  const [, fused, value] = /^<([A-Za-z:]+)[ \t\r\n]*=[ \t\r\n]*("[^"]*"|'[^']*')/.exec(text) ?? [];
  if (fused === undefined) return undefined;
  const element = Object.keys(vocabulary).find(
    (name) => fused.startsWith(name) && vocabulary[name]?.includes(fused.slice(name.length)),
  );
  if (element === undefined) return undefined;
  const attribute = fused.slice(element.length);
  return {
    message: `<${fused}=${value}> is not a tag: a blank is missing behind '${element}'`,
    hint: `did you mean <${element} ${attribute}=${value} ...>?`,
  };
}

/** `<network${X}>` or `<{{ name }}>`: a template that was not filled in. */
function placeholder(text: string, tag: number): Slip | undefined {
  const head = /^<(?:[^<>"']|"[^"]*"|'[^']*')*?(\$\{[^}]*\}|\{\{[^}]*\}\}|<?%=?[^%]*%>?)/.exec(text);
  if (head?.[1] === undefined) return undefined;
  return {
    message: `the template placeholder ${head[1]} was not filled in`,
    hint: 'render the template before reading it',
    at: tag + head[0].length - head[1].length,
  };
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
  if (value === '')
    return {
      message: `the quote of the attribute ${name} is not closed`,
      hint: 'close it with the quote that opened it',
      at,
    };
  return { message: `the value of the attribute ${name} needs quotes`, hint: `write ${name}='${value}'`, at };
}
