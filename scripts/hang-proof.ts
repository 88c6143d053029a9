// Runs `npm test` on machines whose programs never answer: first all that tests or sources name, and then five of them
// alone (as many as --alone says), chosen by seed. It must end, in less than three times its usual time, with its tests
// and suites named. Then a test that never ends must be named, and its run ended. Ends with 1 otherwise.
//
//   tsx scripts/hang-proof.ts [--seed N] [--alone N]
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../test/support/random.js';
import { type BareMachine, makeBareMachine } from './bare-machine.js';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '20260101' }, alone: { type: 'string', default: '5' } },
});
const random = new Random(Number(values.seed));

/** The programs that the sources, the tests and the lab start, beside those of a bare machine. */
const PROGRAMS = `aa-status apt-get brctl busybox dbus-daemon dbus-send dhclient dnsmasq docker dpkg dpkg-query ebtables
  ethtool firewall-cmd flock git ifdown ifquery ifup ip ip6tables ip6tables-save ipcalc iptables iptables-save journalctl
  killall libvirtd lsns modprobe netplan networkctl NetworkManager nft nmcli nsenter ovs-vsctl ovn-nbctl pgrep pidof
  podman ps python3 qemu-img qemu-system-x86_64 setpriv setsid ss ssh sshd su sudo sysctl systemctl systemd-run tcpdump
  udevadm ufw unshare virsh virt-admin virtnetworkd virtqemud wicked xmllint xz`.split(/\s+/);

/** Seconds after which a run counts as hanging, whatever it usually takes. */
const LIMIT = 1800;

interface Run {
  readonly status: number | null;
  readonly seconds: number;
  readonly output: string;
}

/** Makes programs that never answer, does something, and takes them away. */
function withSilent<T>({ path }: BareMachine, names: readonly string[], use: () => T): T {
  for (const name of names) {
    writeFileSync(join(path, name), "#!/bin/sh\ntrap '' TERM INT HUP\nwhile :; do sleep 1000; done\n", {
      mode: 0o755,
      // A link of the same name leads to a program of this machine, which stays as it is.
      flag: 'wx',
    });
  }
  try {
    return use();
  } finally {
    for (const name of names) rmSync(join(path, name));
  }
}

function npmTest(machine: BareMachine): Run {
  const begin = performance.now();
  const { status, stdout, stderr } = machine.run('npm', ['test'], LIMIT);
  return { status, seconds: (performance.now() - begin) / 1000, output: `${stdout}${stderr}` };
}

/** What is wrong with a run on silent programs. */
function problemsOf(what: string, { status, seconds, output }: Run, usual: number): string[] {
  const failed = [...new Set(output.match(/FAIL.*/g) ?? [])];
  console.log(`${what}: ended with ${status} after ${seconds.toFixed(0)} s, usually ${usual.toFixed(0)} s`);
  for (const line of failed) console.log(`  ${line}`);
  return [
    ...(seconds < 3 * usual
      ? []
      : [`${what}: took ${seconds.toFixed(0)} s, more than three times ${usual.toFixed(0)} s`]),
    ...(status === 0 || failed.length > 0 ? [] : [`${what}: failed without the name of a test`]),
    ...(/suites were left out/.test(output) ? [] : [`${what}: does not name what it left out`]),
  ];
}

/** What is wrong with how a run ends in which a test never does. */
function problemsOfEndless({ checkout, run, env }: BareMachine): string[] {
  writeFileSync(
    join(checkout, 'test/endless.test.ts'),
    "import { it } from 'vitest';\nit('never ends', { timeout: 1000 }, () => { for (;;); });\n",
  );
  const settings = { ...env, WATCH_GRACE_MS: '1000' };
  const { status, stderr } = run('npx', ['vitest', 'run', 'test/endless.test.ts'], 120, settings);
  const isNamed = /endless\.test\.ts.*in never ends/.test(stderr);
  console.log(`a test that never ends: the run ended with ${status}${isNamed ? ', and names it' : ''}`);
  return status !== 0 && isNamed ? [] : ['a test that never ends is not named, or its run does not fail'];
}

const machine = makeBareMachine();
try {
  const installed = machine.run('npm', ['ci', '--no-audit', '--no-fund'], 600);
  if (installed.status !== 0) throw new Error(`npm ci ended with ${installed.status}: ${installed.stderr}`);
  const usual = npmTest(machine);
  console.log(`with the programs of a bare machine: ended with ${usual.status} after ${usual.seconds.toFixed(0)} s`);
  const sets = [PROGRAMS, ...Array.from({ length: Number(values.alone) }, () => [random.pick(PROGRAMS)])];
  const problems = sets.flatMap((names) => {
    const what = names.length === 1 ? `${names[0]} never answers` : 'no program answers';
    return problemsOf(
      what,
      withSilent(machine, names, () => npmTest(machine)),
      usual.seconds,
    );
  });
  problems.push(...problemsOfEndless(machine));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  machine.remove();
}
