/** The text of each template, in turns with the names of its parameters: split once, as a document can break one rule often. */
const templates = /* @__PURE__ */ new Map<string, readonly string[]>();

function partsOf(template: string): readonly string[] {
  const parts = templates.get(template) ?? template.split(/\{(\w+)\}/);
  templates.set(template, parts);
  return parts;
}

/** The text of a template, with values for the parameters in braces. */
export function fill(template: string, params: Readonly<Record<string, string | number>>): string {
  const parts = partsOf(template);
  let text = '';
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? '';
    text += i % 2 === 0 ? part : (params[part] ?? `{${part}}`);
  }
  return text;
}
