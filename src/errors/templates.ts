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
  const parts = partsOf(template);
  let text = '';
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? '';
    text += i % 2 === 0 ? part : (params[part] ?? `{${part}}`);
  }
  return text;
}

const paths = /* @__PURE__ */ new Map<string, string>();

/** The documentation of a rule; worked out once for each, as a large document can break one very often. */
export function docsOfRule(page: DocsPage, rule: string): string {
  const known = paths.get(rule) ?? docsOf(page, rule);
  paths.set(rule, known);
  return known;
}
