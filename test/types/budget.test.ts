import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * What the declarations of the main entry may cost the compiler of a program that uses them, in type instantiations.
 * Plain interfaces cost next to nothing; tables with clever types in the open would break it at once.
 */
const BUDGET = 2_000;

const PROGRAM = `import { editXml, NatNetwork, Network } from './index.js';
const lab = NatNetwork.create('lab').bridge('virbr10')
  .subnet('192.168.50.1/24', (subnet) => subnet.dhcp('192.168.50.100', '192.168.50.199'));
const read = Network.parse(lab.toXml());
if (read.kind === 'nat') read.natPorts(1024, 65535).reserve({ name: 'db' });
export const text: string = editXml(lab.toXml(), (network) => network.title('The lab'));
`;

const tsc = (...options: string[]): string =>
  spawnSync(`${root}/node_modules/.bin/tsc`, options, { encoding: 'utf8', cwd: root }).stdout;

/** The instantiations of a program of one file beside the declarations, which are checked as well. */
function instantiations(folder: string, program: string): number {
  const file = join(folder, 'program.ts');
  writeFileSync(file, program);
  const options = ['--ignoreConfig', '--noEmit', '--strict', '--module', 'nodenext', '--extendedDiagnostics'];
  const printed = tsc(...options, '--lib', 'es2023,esnext.disposable,webworker', file);
  expect(printed).not.toMatch(/error TS/);
  return Number(/Instantiations:\s+(\d+)/.exec(printed)?.[1]);
}

it(`the declarations cost a program at most ${BUDGET} type instantiations`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const emit = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--stripInternal', '--rootDir', 'src'];
    tsc('-p', 'tsconfig.browser.json', ...emit, '--outDir', folder);
    const cost = instantiations(folder, PROGRAM) - instantiations(folder, 'export const text = "";');
    console.log(`type instantiations of the declarations: ${cost}`);
    expect(cost).toBeGreaterThan(0);
    expect(cost).toBeLessThanOrEqual(BUDGET);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
