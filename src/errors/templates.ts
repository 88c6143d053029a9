import { type DocsPage, docsOf } from './docs.js';

/** The text of each template, in turns with the names of its parameters: split once, as a document can break one rule often. */
const templates = /* @__PURE__ */ new Map<string, readonly string[]>();

function partsOf(template: string): readonly string[] {
  const parts = templates.get(template) ?? template.split(/\{(\w+)\}/);
  templates.set(template, parts);
  return parts;
}

/** The text of a template, with values for the parameters in braces. */
export function fill(template: string, params: Readonly<Record<string, string | number>>): string {
  const known = partsOf(template);
  if (known.length === 1) return template;
  const parts = [...known];
  for (let i = 1; i < parts.length; i += 2) {
    const name = parts[i] ?? '';
    parts[i] = String(params[name] ?? `{${name}}`);
  }
  // Joined, not added: a sum keeps all of its parts, which are many times as large as a text.
  return parts.join('');
}

const paths = /* @__PURE__ */ new Map<string, string>();

/** The documentation of a rule; worked out once for each, as a large document can break one very often. */
export function docsOfRule(page: DocsPage, rule: string): string {
  const known = paths.get(rule) ?? docsOf(page, rule);
  paths.set(rule, known);
  return known;
}
