// A plugin of TypeDoc: modules bear the names that programs import, and guides their titles.
import { Converter } from 'typedoc';
import { entries } from './entries.mjs';

const titleOf = (text) => /^# (.+)$/m.exec(text)?.[1]?.replaceAll('`', '');

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      const entry = entries.find(({ source }) =>
        module.sources?.some(({ fullFileName }) => fullFileName.endsWith(source.slice(1))),
      );
      if (entry === undefined) throw new Error(`no entry is called ${module.name}`);
      module.name = entry.name;
    }
    for (const document of project.documents ?? []) {
      document.name = titleOf(document.content.map(({ text }) => text).join('')) ?? document.name;
    }
  });
}
