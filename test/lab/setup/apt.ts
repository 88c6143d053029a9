import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inCache } from '../cache.js';
import { LabError } from '../lab-error.js';
import { EXPIRED_SUITES } from '../recipes.js';
import { debianArchive, KEYRING } from './archive.js';
import { run } from './run.js';

/** A package of a Debian release. */
export interface Package {
  readonly name: string;
  readonly version: string;
}

export interface AptOptions {
  readonly suite: string;
  /** Another suite that the packages of libvirt's source come from. */
  readonly libvirtFrom?: string | undefined;
  /** Whether the index of source packages is read, in place of the one of built packages. */
  readonly ofSources?: boolean;
}

/** An apt that knows one Debian release: no list, key, hook or package of the machine has a part in it. */
export class Apt {
  readonly #folder: string;
  readonly #arch: string;

  private constructor(folder: string, arch: string) {
    this.#folder = folder;
    this.#arch = arch;
  }

  /**
   * Reads the index of a Debian release; apt checks its signature.
   *
   * @param folder - an empty one that apt may use; whoever gives it removes it
   */
  static async read(folder: string, options: AptOptions): Promise<Apt> {
    const arch = (await run('dpkg', ['--print-architecture'])).trim();
    for (const part of [
      'etc/preferences.d',
      'etc/apt.conf.d',
      'state/lists/partial',
      'cache/archives/partial',
      'fetched',
    ])
      await mkdir(join(folder, part), { recursive: true });
    await writeFile(join(folder, 'status'), '');
    await writeFile(join(folder, 'apt.conf'), await configurationOf(folder, arch));
    await writeFile(join(folder, 'etc/sources.list'), await sourcesOf(options, arch));
    if (options.libvirtFrom !== undefined)
      await writeFile(join(folder, 'etc/preferences.d/from'), pin(options.libvirtFrom));
    const apt = new Apt(folder, arch);
    await apt.#run('apt-get', ['-qq', '-o', 'APT::Update::Error-Mode=any', 'update']);
    return apt;
  }

  /** Chooses the packages that stand for names, with all that they depend on. Unknown names are left out. */
  async resolve(names: readonly string[]): Promise<Package[]> {
    const known = (await this.#run('apt-cache', ['pkgnames'])).split('\n');
    const there = new Set(known);
    const plan = await this.#run('apt-get', ['-s', '-y', 'install', ...names.filter((name) => there.has(name))]);
    const chosen = [...plan.matchAll(/^Inst (\S+) \((\S+) /gm)].map(([, name = '', version = '']) => ({
      name,
      version,
    }));
    if (chosen.length === 0) throw new LabError(`apt chose no packages for ${names.join(', ')}`);
    return chosen;
  }

  /** Fetches packages, unless the cache has them. @returns their files */
  async fetch(packages: readonly Package[]): Promise<string[]> {
    const files = await Promise.all(packages.map((one) => this.#cached(one)));
    const missing = packages.filter((_, i) => files[i] === undefined);
    if (missing.length === 0) return files.filter((file) => file !== undefined);
    await this.#download(missing);
    return this.fetch(packages);
  }

  /**
   * Fetches upstream's tree and Debian's changes to it, which make a source package. apt holds both against the
   * checksums of the signed index; its other files are not needed, and not every archive keeps them.
   *
   * @returns the folder they are in
   */
  async fetchSource(name: string): Promise<string> {
    const cwd = join(this.#folder, 'fetched');
    for (const part of ['--tar-only', '--diff-only'])
      await this.#run('apt-get', ['-qq', 'source', '--download-only', '--only-source', part, name], cwd);
    return cwd;
  }

  /** Whole files alone come into the cache: what apt was writing when it was ended does not. */
  async #download(packages: readonly Package[]): Promise<void> {
    const cwd = join(this.#folder, 'fetched');
    const words = packages.map(({ name, version }) => `${name}=${version}`);
    await this.#run('apt-get', ['-qq', 'download', ...words], cwd);
    await mkdir(inCache('apt'), { recursive: true });
    for (const one of packages) await this.#keep(one);
  }

  async #keep(one: Package): Promise<void> {
    for (const name of this.#namesOf(one)) {
      const fetched = join(this.#folder, 'fetched', name);
      if (await exists(fetched)) return rename(fetched, inCache('apt', name));
    }
    throw new LabError(`apt did not fetch ${one.name} ${one.version}`);
  }

  async #cached(one: Package): Promise<string | undefined> {
    for (const name of this.#namesOf(one)) if (await exists(inCache('apt', name))) return inCache('apt', name);
    return undefined;
  }

  /** As apt names the file of a package; the colon of an epoch is written as %3a. */
  #namesOf({ name, version }: Package): string[] {
    return [this.#arch, 'all'].map((arch) => `${name}_${version.replaceAll(':', '%3a')}_${arch}.deb`);
  }

  #run(file: string, args: readonly string[], cwd?: string): Promise<string> {
    const env = { APT_CONFIG: join(this.#folder, 'apt.conf'), DEBIAN_FRONTEND: 'noninteractive' };
    return run(file, args, { env, ...(cwd === undefined ? {} : { cwd }) });
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const pin = (suite: string): string => `Package: src:libvirt\nPin: release n=${suite}\nPin-Priority: 990\n`;

async function sourcesOf({ suite, libvirtFrom, ofSources }: AptOptions, arch: string): Promise<string> {
  const archive = await debianArchive();
  const suites = libvirtFrom === undefined ? [suite] : [suite, libvirtFrom];
  const lines = suites.map((one) => {
    const date = EXPIRED_SUITES.includes(one) ? ' check-valid-until=no' : '';
    return `${ofSources ? 'deb-src' : 'deb'} [arch=${arch} signed-by=${KEYRING}${date}] ${archive} ${one} main\n`;
  });
  return lines.join('');
}

async function configurationOf(folder: string, arch: string): Promise<string> {
  // A machine may reach the archive by a proxy alone.
  const proxies = await Promise.all(['http', 'https'].map((name) => run('apt-config', ['dump', `Acquire::${name}`])));
  return `${proxies.join('')}
Dir::Etc "${folder}/etc";
Dir::Etc::sourcelist "${folder}/etc/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::parts "${folder}/etc/apt.conf.d";
Dir::Etc::preferencesparts "${folder}/etc/preferences.d";
Dir::State "${folder}/state";
Dir::State::status "${folder}/status";
Dir::Cache "${folder}/cache";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
APT::Architecture "${arch}";
APT::Architectures { "${arch}"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
`;
}
