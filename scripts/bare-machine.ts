// What scripts need that try the project on a machine with nothing but Node.js: a copy of the checkout with nothing
// beside it, a PATH with few programs, and an account.
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunOptions, run, runOrThrow } from '../test/support/run.js';

const project = fileURLToPath(new URL('..', import.meta.url));

/** The programs of GNU coreutils that a script may expect. */
const COREUTILS = `[ base64 basename cat chmod chown cp cut date dd df dirname du echo env expand expr false head id
  install join ln ls md5sum mkdir mkfifo mktemp mv nl nproc od paste printenv printf pwd readlink realpath rm rmdir seq
  sha256sum sleep sort split stat stty sync tail tee test timeout touch tr true tsort tty uname uniq wc whoami yes`;

/** The programs of a machine that has nothing else. */
export const BARE_PROGRAMS = ['node', 'npm', 'npx', 'sh', ...COREUTILS.split(/\s+/)] as const;

/** A user without an account: programs that look up their own user find none. */
export const ORDINARY_USER = 61_234;

/** A copy of the checkout in a folder of its own, and how programs run in it. */
export interface BareMachine {
  /** Folder of everything; its name is in the environment of all that runs there. */
  readonly folder: string;
  readonly checkout: string;
  /** The folder of programs. */
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
  /** Runs a program there to its end, with the machine's environment unless another is given. */
  run(file: string, args: readonly string[], seconds: number, env?: NodeJS.ProcessEnv): ReturnType<typeof run>;
  remove(): void;
}

/**
 * Makes a machine.
 *
 * @param user - the id of the user that runs everything; this process's own without it
 */
export function makeBareMachine(user?: number): BareMachine {
  const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-bare-'));
  const [checkout, path, home] = [join(folder, 'checkout'), join(folder, 'bin'), join(folder, 'home')] as const;
  for (const one of [checkout, path, home]) mkdirSync(one);
  copyTracked(checkout);
  for (const name of BARE_PROGRAMS) link(name, path);
  if (user !== undefined) giveTo(user, folder);
  const env = environmentOf(path, home);
  const options: RunOptions = { cwd: checkout, env, ...(user === undefined ? {} : { user }) };
  return {
    folder,
    checkout,
    path,
    env,
    run: (file, args, seconds, other = env) => run(join(path, file), args, { ...options, seconds, env: other }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Copies what git tracks, as it is in the working tree. */
function copyTracked(to: string): void {
  const names = runOrThrow('git', ['ls-files', '-z'], { cwd: project }).split('\0');
  for (const name of names.filter((one) => one !== '' && existsSync(join(project, one))))
    cpSync(join(project, name), join(to, name), { preserveTimestamps: true });
}

/** Links a program of this machine's PATH into a folder; the machine may lack some of coreutils. */
function link(name: string, folder: string): void {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    // npm puts the programs of the project before those of the machine.
    .filter((one) => !one.includes('node_modules'))
    .map((one) => join(one, name))
    .find((one) => existsSync(one));
  if (found !== undefined) symlinkSync(found, join(folder, name));
}

function giveTo(user: number, path: string): void {
  chownSync(path, user, user);
  for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
    if (dirname(name) !== 'bin') chownSync(join(path, name), user, user);
  }
}

/** How this machine reaches the npm registry stays as it is. */
function environmentOf(path: string, home: string): NodeJS.ProcessEnv {
  const kept = [
    'NODE_EXTRA_CA_CERTS',
    'HTTPS_PROXY',
    'HTTP_PROXY',
    'NO_PROXY',
    'https_proxy',
    'http_proxy',
    'no_proxy',
  ];
  return {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
    npm_config_registry: runOrThrow('npm', ['config', 'get', 'registry']),
    npm_config_update_notifier: 'false',
    PATH: path,
    HOME: home,
    CI: 'true',
  };
}
