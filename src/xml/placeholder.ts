/**
 * The forms of placeholders that templates, shells and programs leave in a text. A name is short, and the search must not
 * begin again at each of many opening braces.
 */
const FORMS: readonly RegExp[] = [
  /\$\{[^{}]{0,80}\}/, // shells, JavaScript, Terraform
  /\{\{[^{}]{0,80}\}\}/, // Jinja, Ansible, Go, Mustache
  /\{[%#][^{}]{0,80}[%#]\}/, // statements and comments of Jinja
  /<%[=-]?[^%]{0,80}%>/, // ERB, EJS
  /\[%[^%]{0,80}%\]/, // Template Toolkit
  /\{[A-Za-z_][\w.]{0,80}\}/, // Python, C#
  /<\?(?:php|=)[^?]{0,80}\?>/, // PHP
  /#\{[^{}]{0,80}\}/, // Ruby
  /\$\([^()]{0,80}\)/, // commands of a shell
  /%\([^()]{0,80}\)[sd]/, // Python
  /\$[A-Za-z_]\w{0,80}/, // shells, Perl
  /(?<![\w%])%[sd](?!\w)/, // printf
  /(?<!\w)@[A-Z][A-Z0-9_]{1,80}@/, // autoconf, CMake
  /(?<![\w%])%[A-Z][A-Z0-9_]{1,80}%/, // Windows
  /\[\[ ?[A-Za-z_][\w.-]{0,80} ?\]\]/, // wikis and home-made templates
  /(?<![A-Za-z\d])(?:CHANGE_?ME|REPLACE_?(?:ME|THIS)|FILL_?ME_?IN)(?![A-Za-z\d])/i, // notes to the reader
  /(?<![A-Za-z\d])(?:YOUR|INSERT)_[A-Z_]{2,80}(?![A-Za-z\d])/,
  /(?<!\w)__[A-Z][A-Z0-9_]{1,80}__(?!\w)/, // sed
];

/** What every form has. */
const MAY_HAVE = /[$%#{@]|<\?|__|\[\[|change_?me|replace|fill_?me|your_|insert_/i;

/** Forms that ordinary sentences have too: a price in `$USD`, a share of `50 %s`, a link `[[page]]`, a set {a}. */
const IN_SENTENCES = /^(?:\$[A-Za-z_]|%|\[\[|\{[A-Za-z_])/;

/**
 * Returns the first placeholder of a value that libvirt accepts. In a sentence, which has blanks, forms without brackets may
 * be meant.
 */
export function placeholderLeftIn(value: string): string | undefined {
  const found = placeholderIn(value);
  return found !== undefined && /\s/.test(value) && IN_SENTENCES.test(found) ? undefined : found;
}

/** Returns the first placeholder of a text, such as `${NAME}`, `{{ name }}`, `$NAME` or `%s`. */
export function placeholderIn(text: string): string | undefined {
  if (!MAY_HAVE.test(text)) return undefined;
  let first: RegExpExecArray | undefined;
  for (const form of FORMS) {
    const match = form.exec(text);
    if (match !== null && (first === undefined || match.index < first.index)) first = match;
  }
  return first?.[0];
}
