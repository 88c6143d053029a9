// A plugin of TypeDoc: modules bear the names that programs import, guides their titles, and links to headings with code
// find them, whose names TypeDoc makes of the other words alone.
import { Converter } from 'typedoc';
import { anchor } from './anchor.mjs';
import { entries } from './entries.mjs';

/** The name that TypeDoc gives to the module of a source. */
const moduleOf = (source) => source.replace(/^\.\/src\//, '').replace(/(?:\/index)?\.ts$/, '');
const names = new Map(entries.map(({ name, source }) => [moduleOf(source), name]));

const textOf = (parts) => parts.map(({ text }) => text).join('');
const titleOf = (text) => /^# (.+)$/m.exec(text)?.[1]?.replaceAll('`', '');

/** Puts an anchor before a heading that goes on with code. */
function withAnchor(part, rest) {
  const [heading] = /^#{2,} .*$/m.exec(part.text.slice(part.text.lastIndexOf('\n') + 1)) ?? [];
  if (part.kind !== 'text' || heading === undefined || rest.length === 0) return part;
  const title = (heading + textOf(rest)).split('\n')[0].replace(/^#+ /, '');
  const before = part.text.slice(0, part.text.length - heading.length);
  return { ...part, text: `${before}<a id="${anchor(title)}"></a>\n\n${heading}` };
}

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      const name = names.get(module.name);
      if (name === undefined) throw new Error(`no entry of the package is the module ${module.name}`);
      module.name = name;
    }
    for (const document of project.documents ?? []) {
      document.name = titleOf(textOf(document.content)) ?? document.name;
      document.content = document.content.map((part, i, parts) => withAnchor(part, parts.slice(i + 1)));
    }
  });
}
