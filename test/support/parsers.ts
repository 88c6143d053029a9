import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceFile } from '../../src/host-bridge/read/context.js';
import type { RenderedFile } from '../../src/host-bridge/render/rendering.js';
import { inCache } from '../lab/cache.js';
import { run, runOrThrow } from './run.js';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Where the programs of host network systems are unpacked; made once, and kept for the next run. */
export const parsersDir = inCache('programs', 'host-network-systems');

let isUnpacked = false;

/** Unpacks the programs when they are not there. */
function unpack(): void {
  mkdirSync(dirname(parsersDir), { recursive: true });
  if (!isUnpacked) runOrThrow('flock', [`${parsersDir}.lock`, here('unpack-parsers.sh'), parsersDir], { seconds: 300 });
  isUnpacked = true;
}

/** The path of one of the programs. */
function programOf(path: string): string {
  unpack();
  return join(parsersDir, path);
}

const env = (): NodeJS.ProcessEnv => ({
  ...process.env,
  LC_ALL: 'C',
  LD_LIBRARY_PATH: join(parsersDir, 'usr/lib/x86_64-linux-gnu'),
});

/** Calls back with a new folder, which is gone afterwards. */
export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes files below a folder as if it were the root. */
export function writeBelow(root: string, files: readonly Pick<RenderedFile, 'path' | 'content' | 'mode'>[]): void {
  for (const { path, content, mode } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content, { mode });
  }
}

/** The files in a folder. */
const filesIn = (folder: string): SourceFile[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [{ path: join(folder, entry.name), content: readFileSync(join(folder, entry.name), 'utf8') }] : [],
  );

/** What a program made of something, and what it said. */
export interface Understood {
  readonly status: number | null;
  readonly said: string;
  readonly files: readonly SourceFile[];
}

/** Has netplan itself write the files of the system that carries it out. */
export function netplanGenerate(files: readonly RenderedFile[], renderer: 'networkd' | 'NetworkManager'): Understood {
  return inFolder((root) => {
    writeBelow(root, files);
    const { status, stdout, stderr } = run(programOf('usr/libexec/netplan/generate'), ['--root-dir', root], {
      env: env(),
    });
    const folder = renderer === 'networkd' ? 'run/systemd/network' : 'run/NetworkManager/system-connections';
    mkdirSync(join(root, folder), { recursive: true });
    return { status, said: stderr + stdout, files: filesIn(join(root, folder)) };
  });
}

/** Has NetworkManager's own library read a profile, or make one from a command, and print it. */
export function nmcliOffline(
  args: readonly string[],
  input = '',
): { readonly status: number | null; readonly said: string; readonly profile: string } {
  const options = { env: env(), input };
  const { status, stdout, stderr } = run(programOf('usr/bin/nmcli'), ['--offline', ...args], options);
  return { status, said: stderr, profile: stdout };
}

/** Asks ifupdown what it understood of a stanza: its options as it will set them. */
export function ifquery(content: string, device: string): { readonly status: number | null; readonly said: string } {
  return inFolder((folder) => {
    const file = join(folder, 'interfaces');
    writeFileSync(file, content);
    const words = ['-i', file, '--state-dir', folder, device];
    const { status, stdout, stderr } = run(programOf('usr/sbin/ifquery'), words, { env: env() });
    return { status, said: stdout + stderr };
  });
}

/** Asks ifupdown for the commands that it would run to bring devices up. */
export function ifupCommands(
  content: string,
  devices: readonly string[],
): { readonly status: number | null; readonly said: string } {
  return inFolder((folder) => {
    const file = join(folder, 'interfaces');
    writeFileSync(file, content);
    const words = ['--no-act', '-v', '--force', '-i', file, '--state-dir', folder, ...devices];
    const { status, stdout, stderr } = run(programOf('usr/sbin/ifup'), words, { env: env() });
    return { status, said: stderr + stdout };
  });
}

/** Runs the script of one folder with a network of its own. Its exit status is the script's own business. */
const ONE = `unshare -n -m sh -c 'mount -t sysfs -o ro sysfs /sys; mount -t tmpfs none /run; mkdir -p /run/network /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp; chown -R systemd-network:systemd-network /run/systemd/netif; sh "$0/script" >"$0/out" 2>&1' "$1" || true\n`;

/**
 * Runs each shell script on a "host" of its own, whose network, processes and files nobody else sees, with the
 * unpacked programs beside the machine's own. The folders hold what the scripts need: `files` as they were given, and
 * what the scripts write to standard output is given back.
 */
export function onHosts(
  cases: readonly { readonly script: string; readonly files: readonly RenderedFile[] }[],
): readonly string[] {
  return inFolder((folder) => {
    cases.forEach(({ script, files }, i) => {
      writeBelow(join(folder, String(i), 'files'), files);
      writeFileSync(join(folder, String(i), 'script'), `cd ${folder}/${i}\n${script}\n`);
    });
    writeFileSync(join(folder, 'one'), ONE);
    const numbers = cases.map((_, i) => join(folder, String(i))).join(' ');
    const all = `echo ${numbers} | xargs -P 4 -n 1 sh ${folder}/one`;
    unpack();
    runOrThrow(here('in-host.sh'), [parsersDir, all], { seconds: 600 });
    return cases.map((_, i) => readFileSync(join(folder, String(i), 'out'), 'utf8'));
  });
}

/** A file's name without its folder. */
export const nameOf = ({ path }: SourceFile): string => basename(path);
