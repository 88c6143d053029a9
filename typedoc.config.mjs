import { entries } from './scripts/entries.mjs';

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  tsconfig: 'tsconfig.docs.json',
  // `npm run typecheck` has checked the same sources, which takes as long as all the rest.
  skipErrorChecking: true,
  entryPoints: entries.map(({ source }) => source),
  out: 'docs/api',
  name: 'libvirt-network',
  readme: 'README.md',
  plugin: ['./scripts/typedoc-names.mjs'],
  projectDocuments: [
    'docs/*.md',
    'docs/kinds/*.md',
    'docs/es/*.md',
    'docs/decisions/*.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
  ],
  navigation: { includeFolders: false },
  treatWarningsAsErrors: true,
  excludeInternal: true,
  excludePrivate: true,
  sort: ['source-order'],
  highlightLanguages: ['typescript', 'ts', 'js', 'xml', 'bash', 'json', 'yaml'],
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  requiredToBeDocumented: ['Class', 'Interface', 'Function', 'Method', 'TypeAlias', 'Variable', 'Accessor'],
  // Referred to by types of the entries, and not needed by their users.
  intentionallyNotExported: ['READERS', 'StepAction', 'Sections', 'HostBridgeErrorDetails', 'Shorthand', 'MatchOf'],
  includeVersion: true,
  // The site does not hold the sources, so that links to them would lead nowhere.
  disableSources: true,
};
