import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LabError } from '../lab-error.js';
import { sourcePart } from '../parts.js';
import { SOURCE_FOLDERS, SOURCE_SUITES, type SourceName } from '../recipes.js';
import { Apt } from './apt.js';
import { makePart } from './part.js';
import { run } from './run.js';

/** Makes what suites read of a release's source, unless the cache has it. */
export const makeSource = (name: SourceName): Promise<boolean> =>
  makePart(sourcePart(name), async (folder) => {
    await requirePrograms();
    // All is done in the folder itself: a process that is killed leaves nothing elsewhere.
    const [forApt, tree] = [join(folder, 'apt'), join(folder, 'tree')];
    const fetched = await fetchSource(name, forApt);
    const version = await versionOf(fetched, name);
    await unpackSource(fetched, tree);
    await keepFolders(tree, folder);
    for (const path of [forApt, tree]) await rm(path, { recursive: true });
    return version;
  });

async function fetchSource(name: SourceName, forApt: string): Promise<string> {
  const suite = SOURCE_SUITES[name];
  const apt = await Apt.read(forApt, { suite, ofSources: true });
  return apt.fetchSource('libvirt').catch((error) => {
    throw new LabError(`the Debian archive does not give the source of libvirt ${name} (${suite})`, { cause: error });
  });
}

/** The programs that unpack a source package, with the Debian package of each. */
const PROGRAMS = { tar: 'tar', xz: 'xz-utils', patch: 'patch' };

async function requirePrograms(): Promise<void> {
  for (const [program, debianPackage] of Object.entries(PROGRAMS)) {
    await run(program, ['--version']).catch((error) => {
      const what = `unpacking a source package needs the program ${program}: apt-get install ${debianPackage}`;
      throw new LabError(what, { cause: error });
    });
  }
}

/** Reads the Debian version from the name of the file with Debian's changes. */
async function versionOf(fetched: string, name: SourceName): Promise<string> {
  const version = /_([^_]+)\.debian\.tar/.exec(await fileIn(fetched, DEBIAN))?.[1] ?? '';
  if (!version.startsWith(`${name}.`))
    throw new LabError(`the Debian archive has the source of libvirt ${version}, not of ${name}`);
  return version;
}

/** The two files of a source package: upstream's tree, and what Debian changes in it. */
const UPSTREAM = /\.orig\.tar\.\w+$/;
const DEBIAN = /\.debian\.tar\.\w+$/;

/** Unpacks a source package of Debian's format 3.0 (quilt): upstream's tree with Debian's patches on it. */
async function unpackSource(fetched: string, tree: string): Promise<void> {
  await mkdir(tree, { recursive: true });
  const unpack = (file: string, ...options: string[]) =>
    run('tar', ['-xf', file, '-C', tree, '--no-same-owner', ...options]);
  await unpack(await fileIn(fetched, UPSTREAM), '--strip-components=1');
  await unpack(await fileIn(fetched, DEBIAN));
  for (const patch of await patchesOf(tree)) {
    // As dpkg-source does: a patch that does not fit exactly is an error.
    await run('patch', ['-d', tree, '-p1', '-t', '-F', '0', '-N', '-u', '-s', '-E', '-i', patch]);
  }
}

/** The patches that the Debian package makes to upstream's tree, in their order. */
async function patchesOf(tree: string): Promise<string[]> {
  const folder = join(tree, 'debian/patches');
  const series = await readFile(join(folder, 'series'), 'utf8');
  const names = series.split('\n').map((line) => line.replace(/#.*/, '').trim());
  return names.filter((name) => name !== '').map((name) => join(folder, name));
}

async function keepFolders(tree: string, folder: string): Promise<void> {
  for (const path of SOURCE_FOLDERS) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await rename(join(tree, path), join(folder, path));
  }
}

async function fileIn(folder: string, pattern: RegExp): Promise<string> {
  const name = (await readdir(folder)).find((one) => pattern.test(one));
  if (name === undefined) throw new LabError(`the source package has no file ${pattern}`);
  return join(folder, name);
}
