import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { type LocalRunnerOptions, localRunner, type Runner } from '../../src/host/runner/runner.js';

/** Everything that the host of a test may change is its own. */
const SETUP = `
set -e
mount -t proc proc /proc
mount -t tmpfs -o size=8m run /run
mount -t tmpfs lib /var/lib
mkdir /run/upper /run/work
mount -t tmpfs over /mnt && mkdir /mnt/upper /mnt/work
mount -t overlay -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work etc /etc
rmdir /run/upper /run/work
rm -rf /etc/network /etc/netplan /etc/NetworkManager /etc/systemd/network /etc/sysconfig/network* /etc/ufw /etc/firewalld
mount -t sysfs -o ro sys /sys
ip link set lo up
`;

const LAN = `
set -e
ip netns add lan
ip link add eno1 address 52:54:00:77:00:01 type veth peer name lan0 netns lan
ip -n lan link add lan type bridge stp_state 0 forward_delay 0
ip -n lan link set lan0 master lan
ip -n lan addr add 10.77.0.1/24 dev lan
ip -n lan addr add 2001:db8:77::1/64 dev lan nodad
for d in lo lan0 lan; do ip -n lan link set $d up; done
ip link set eno1 up
ip addr add 10.77.0.10/24 dev eno1
ip addr add 10.77.0.11/24 dev eno1
ip addr add 2001:db8:77::10/64 dev eno1 nodad
ip route add default via 10.77.0.1 metric 100 proto static
ip route add 10.99.0.0/16 via 10.77.0.254 metric 50
ip route add 10.98.0.0/16 via 10.77.0.254 table 77
ip -6 route add default via 2001:db8:77::1 proto static
`;

/** A host in namespaces of its own: a NIC `eno1` with addresses and routes, and a LAN behind it. */
export interface HostLab {
  readonly runner: Runner;
  /** Words in front of programs that run on the host. */
  readonly prefix: readonly string[];
  /** Runs a shell script on the host; throws when it fails. */
  sh(script: string): string;
  /** The network and the files of the host as text, to be compared; times that run are left out. */
  snapshot(): string;
  /** Whether the LAN answers, over both families. */
  reaches(address?: string): boolean;
  /** Programs on the host beside its first. */
  processes(): readonly string[];
  end(): void;
}

/** Makes a host. */
export async function startLab(): Promise<HostLab> {
  const init = spawn(
    'unshare',
    ['-m', '-n', '-p', '-f', '--propagation', 'private', 'sh', '-c', `${SETUP}${LAN}${INIT}`],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  await new Promise<void>((resolve, reject) => {
    init.stdout.once('data', () => resolve());
    init.once('exit', () => reject(new Error('the namespaces were not made')));
  });
  return labOf(init);
}

/** The first process: it takes in those that have lost their parent. */
const INIT = 'echo ready; exec >/dev/null; while :; do sleep 1000 & wait $!; done';

function labOf(init: ChildProcess): HostLab {
  const pid = execFileSync('ps', ['--ppid', String(init.pid), '-o', 'pid='], { encoding: 'utf8' }).trim();
  const prefix = ['nsenter', '-m', '-n', '-p', '-t', pid, '--wd=/', '--'];
  const options: LocalRunnerOptions = { prefix, label: 'lab' };
  const [file = '', ...args] = prefix;
  const sh = (script: string): string => execFileSync(file, [...args, 'sh', '-c', script], { encoding: 'utf8' });
  const ok = (script: string): boolean =>
    spawnSync(file, [...args, 'sh', '-c', script], { stdio: 'ignore' }).status === 0;
  return {
    runner: localRunner(options),
    prefix,
    sh,
    snapshot: () => sh(SNAPSHOT),
    reaches: (address) =>
      (address === undefined ? ['10.77.0.1', '2001:db8:77::1'] : [address]).every((target) =>
        ok(`busybox ping -c 1 -W 2 ${target}`),
      ),
    processes: () =>
      sh('ps -e -o pid= -o args=')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '' && !/^1 |sleep 1000$|ps -e -o/.test(line) && !/^\d+ sh -c ps -e/.test(line)),
    end: () => {
      spawnSync('kill', ['-KILL', pid]);
    },
  };
}

const SNAPSHOT = `
ip -o link show | sed 's/^[0-9]*: //; s/@if[0-9]*//; s/ state [A-Z]*//; s/LOWERLAYERDOWN\\|NO-CARRIER,\\|,LOWER_UP//g'
for d in $(ls /sys/class/net); do echo "$d"; ip addr show dev "$d" scope global | sed -n 's/^ *inet/inet/p' | sort; done
ip -4 route show table all proto static; ip -4 route show table all proto boot; ip -4 route show
ip -6 route show | grep -v '^fe80' | sed 's/ expires .*//'
find /etc /var/lib /run/systemd /run/netplan -newer /proc/1/cmdline -type f 2>/dev/null | sort | xargs -r md5sum
find /run -path /run/netns -prune -o -print | sort
`;
