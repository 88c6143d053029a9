import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { madeOf } from '../lab/cache.js';
import { ovnPart, type Part, sourcePart, treePart, vmPart } from '../lab/parts.js';
import { type DaemonRelease, OLDEST_RELEASE, RELEASES, SOURCES } from '../lab/recipes.js';
import { run } from './run.js';

/**
 * Says in one line what is missing and how to get it, or nothing where all is there.
 *
 * @param mayRun - whether it may run programs to find out; without them it says what it can see
 */
type Look = (mayRun: boolean) => string | undefined;

/** Looks for a program on the PATH, without running it. */
const program =
  (name: string, debianPackage: string): Look =>
  () =>
    hasProgram(name) ? undefined : `the program ${name} is missing: apt-get install ${debianPackage}`;

const hasProgram = (name: string): boolean =>
  (process.env['PATH'] ?? '').split(':').some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const first =
  (...looks: readonly Look[]): Look =>
  (mayRun) => {
    for (const look of looks) {
      const lack = look(mayRun);
      if (lack !== undefined) return lack;
    }
    return undefined;
  };

const root: Look = () => (process.getuid?.() === 0 ? undefined : 'root is required: sudo npm run test:libvirt');

const unsharing: Look = (mayRun) =>
  !mayRun || run('unshare', ['--mount', '--net', '--pid', '--fork', 'true'], { seconds: 10 }).status === 0
    ? undefined
    : 'namespaces cannot be made here: run in a privileged container or on a virtual machine';

const namespaces = first(
  root,
  program('unshare', 'util-linux'),
  program('nsenter', 'util-linux'),
  program('ip', 'iproute2'),
  program('busybox', 'busybox'),
  program('ps', 'procps'),
  unsharing,
);

/** Looks for a part of the lab's cache. */
const cached =
  (part: () => Part): Look =>
  () =>
    madeOf(part().folder) === undefined ? `${part().label} is not in the cache: npm run lab:setup` : undefined;

const daemon = (release: DaemonRelease): Look =>
  first(
    namespaces,
    // 9.0 is the machine's own on Debian 12; the cache has the other releases.
    release === '9.0' ? program('libvirtd', 'libvirt-daemon-system') : cached(() => treePart(release)),
  );
const data = (release: (typeof SOURCES)[number]): Look => cached(() => sourcePart(release));

/** The mechanisms of SASL are plugins. */
const saslMechanisms: Look = () =>
  existsSync('/usr/lib/x86_64-linux-gnu/sasl2/libscram.so')
    ? undefined
    : 'the mechanisms of SASL are missing: apt-get install libsasl2-modules';

const remoteAccess = first(
  program('openssl', 'openssl'),
  program('ssh', 'openssh-client'),
  program('sshd', 'openssh-server'),
  program('nc', 'netcat-openbsd'),
  program('saslpasswd2', 'sasl2-bin'),
  saslMechanisms,
);

const registry: Look = (mayRun) =>
  !mayRun || run('npm', ['ping'], { seconds: 30 }).status === 0
    ? undefined
    : 'the npm registry does not answer: connect to a network from which npm ping succeeds';

/** Everything that suites may need beyond Node.js. The names appear in the list of suites that a run leaves out. */
const NEEDS = {
  Chromium: program('chromium-headless-shell', 'chromium-headless-shell'),
  'daemon 7.0': daemon(OLDEST_RELEASE),
  'daemon 9.0': daemon('9.0'),
  'daemon 11.3': daemon('11.3'),
  'daemon 12.9': daemon('12.9'),
  'daemon of every release': first(...RELEASES.map(daemon)),
  Graphviz: program('dot', 'graphviz'),
  'host network programs': first(namespaces, program('apt-get', 'apt')),
  ifupdown: first(namespaces, program('apt-get', 'apt')),
  ip: program('ip', 'iproute2'),
  'libvirt data 9.0': data('9.0'),
  'libvirt data 11.3': data('11.3'),
  'libvirt data of every release': first(...SOURCES.map(data)),
  namespaces,
  NetworkManager: first(namespaces, program('apt-get', 'apt'), program('dbus-daemon', 'dbus-daemon')),
  'npm registry': registry,
  'other firewalls': first(
    namespaces,
    program('apt-get', 'apt'),
    program('dbus-daemon', 'dbus-daemon'),
    program('python3', 'python3'),
  ),
  'Open vSwitch and OVN': first(namespaces, cached(ovnPart)),
  'remote access': remoteAccess,
  python3: program('python3', 'python3'),
  'systemd-networkd': first(namespaces, program('networkctl', 'systemd'), program('dbus-daemon', 'dbus-daemon')),
  'virtual machines': first(namespaces, cached(vmPart)),
  virsh: program('virsh', 'libvirt-clients'),
  xmllint: program('xmllint', 'libxml2-utils'),
} satisfies Readonly<Record<string, Look>>;

/** What a suite may need. */
export type Need = keyof typeof NEEDS;

export const isNeed = (name: string): name is Need => Object.hasOwn(NEEDS, name);

const found = new Map<Need, string | undefined>();

/** Says in one line what of a need is missing here and how to get it; looks once for each need. */
function lackOf(need: Need): string | undefined {
  if (!found.has(need)) found.set(need, NEEDS[need](true));
  return found.get(need);
}

/** Finds out without running any program whether something of a need is missing here. */
export const isMissing = (need: Need): boolean => NEEDS[need](false) !== undefined;

/**
 * Declares what the suites of a file need beyond Node.js. Each file `*.libvirt.test.ts` calls it once at its top, with
 * literal texts: `npm test` reads them for its list of the suites that it leaves out, without running the file.
 *
 * @throws Error with one line for each thing that is missing, without a stack trace
 */
export function needs(...wanted: readonly [Need, ...Need[]]): void {
  const lacks = new Set(wanted.map(lackOf).filter((lack) => lack !== undefined));
  if (lacks.size === 0) return;
  const error = new Error([...lacks].join('\n'));
  error.stack = '';
  throw error;
}

/**
 * Declares what a part of a suite needs that only `SOAK=1` runs, since it takes too long to get elsewhere. Without `SOAK=1`
 * it says so.
 *
 * @param part - what the part does
 * @returns true where the part runs
 * @throws Error as {@link needs} does
 */
export function needsInSoak(part: string, ...wanted: readonly [Need, ...Need[]]): boolean {
  if (process.env['SOAK'] === '1') {
    needs(...wanted);
    return true;
  }
  console.log(`left out without SOAK=1: ${part} (needs ${wanted.join(', ')})`);
  return false;
}
