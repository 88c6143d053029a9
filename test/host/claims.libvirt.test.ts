import { describe, expect, it, type TestContext } from 'vitest';
import type { HostChange } from '../../src/host/transaction/host-change.js';
import { openScript } from '../../src/host/transaction/scripts.js';
import { DECIDE, FORGET } from '../../src/host/transaction/shell.js';
import { quote } from '../../src/shell/quote.js';
import { type LabHost, startHost } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { announce, runs } from '../support/random.js';
import { run } from '../support/run.js';

needs('namespaces');

const STATE = '/run/libvirt-network';
const OPENERS = runs(32, 12);

/** Two at once would find the folder there. It goes when the change is kept or taken back. */
const CHANGE: HostChange = {
  trialFiles: [],
  apply: [['sh', '-c', 'mkdir /run/at-work || { echo two >>/run/wrong; exit 1; }; echo begun >>/run/changes']],
  undo: [['sh', '-c', 'rmdir /run/at-work; echo ended >>/run/changes']],
  write: [],
  remove: [],
  afterwards: [['sh', '-c', 'rmdir /run/at-work; echo ended >>/run/changes']],
  prune: [],
};

/** Programs that pause before and after they do what they do: mostly for a moment, now and then for long. */
const SHIMS = `
mkdir -p /run/shims
for name in ln mv mkdir rm readlink rmdir setsid; do
  cat >/run/shims/$name <<EOF
#!/bin/sh
pause() { n=\\$(((\\$\\$ * 7919 + \\$1) % 40)); case \\$n in 0) /bin/sleep 0.4 ;; *) /bin/sleep 0.0\\$((n % 4)) ;; esac; }
pause 1; $(command -v $name) "\\$@"; rc=\\$?; [ $name = setsid ] || pause 2; exit \\$rc
EOF
  chmod +x /run/shims/$name
done
`;

/** Starts many openers at once; some are killed when \`kill\` is set. Prints the status and the id of each, a line each. */
const ROUND = `
rm -f /run/status /run/changes /run/wrong
for i in $(seq ${OPENERS}); do
  id=$(printf '%06x%06x' "$round" "$i")
  (
    PATH=/run/shims:$PATH setsid $shell /run/open.sh "$id" "$limit" >/dev/null 2>&1 & pid=$!
    [ -z "$kill" ] || [ $((i % 4)) != 0 ] || { sleep 0.$((i % 10))$((i % 7)); kill -KILL -$pid 2>/dev/null; }
    wait $pid; echo "$? $id" >>/run/status
  ) &
done
wait
cat /run/status
`;

/** Waits until nothing works there any more, and takes away what has ended, as a program does that reads the result. */
const SETTLE = `
left=300
while for id in $(ls ${STATE}/results 2>/dev/null); do sh /run/forget.sh ${STATE} "$id"; done; [ -e /run/at-work ] || ps -e -o args= | grep -q '[a]gent.sh\\|[a]pply.sh'; do
  [ "$left" -gt 0 ] || { echo 'no end'; ls -R ${STATE}; break; }
  sleep 0.1; left=$((left - 1))
done
cat /run/wrong 2>/dev/null; sort /run/changes 2>/dev/null | uniq -c | tr -s ' '
ls -d ${STATE}/tx-* ${STATE}/gone-* 2>/dev/null
rm -rf ${STATE}
`;

async function newHost(test: TestContext): Promise<LabHost> {
  const lab = await startHost();
  test.onTestFinished(() => lab.end());
  const about = { id: 'OPENER', bridge: 'br0', action: 'apply' } as const;
  const script = openScript(CHANGE, about, { state: STATE, records: '/var/lib/libvirt-network' }, 2);
  lab.sh(
    `${SHIMS}\ncat >/run/open.sh <<'END'\n${script.replace("id='OPENER'", 'id=$1').replace("limit='2'", 'limit=$2')}\nEND\ncat >/run/decide.sh <<'END'\n${DECIDE}\nEND\ncat >/run/forget.sh <<'END'\n${FORGET}\nEND`,
  );
  return lab;
}

/** Runs a script with variables on the host. */
function onHost(
  { prefix: [file, ...args] }: LabHost,
  variables: Readonly<Record<string, string>>,
  script: string,
): readonly string[] {
  const words = Object.entries(variables).map(([name, value]) => `${name}=${quote(value)}\n`);
  const { stdout, stderr, status } = run(file, [...args, 'sh', '-c', `${words.join('')}${script}`], { seconds: 120 });
  if (status !== 0) throw new Error(stderr);
  return stdout.split('\n').filter((line) => line !== '');
}

describe.each(['sh', 'busybox sh'])('of many openers at once, with %s', (shell) => {
  it('exactly one begins, and what it has begun is kept or taken back', async (test) => {
    const lab = await newHost(test);
    const count = runs(100, 1);
    const random = announce(`${OPENERS} openers, ${shell}`, count);
    for (let round = 0; round < count; round++) {
      const statuses = onHost(lab, { shell, round: String(round), limit: '60', kill: '' }, ROUND);
      const begun = statuses.filter((line) => line.startsWith('0 '));
      expect(begun, statuses.join('\n')).toHaveLength(1);
      expect(statuses.filter((line) => line.startsWith('75 '))).toHaveLength(OPENERS - 1);
      const id = begun[0]?.slice(2) ?? '';
      const verdict = random.pick(['commit', 'rollback', 'interrupted']);
      lab.sh(
        verdict === 'interrupted'
          ? `read -r pid since <${STATE}/tx-${id}/agent; kill -TERM "$pid"`
          : `sh /run/decide.sh ${STATE} ${id} ${verdict}`,
      );
      // One that is decided before its first command has nothing to take back, and may still run its undo commands.
      expect([[], [' 1 ended'], [' 1 begun', ' 1 ended']]).toContainEqual(onHost(lab, {}, SETTLE));
    }
  }, 1_800_000);

  it('never two begin when some are killed, at whatever step, and the next one can begin', async (test) => {
    const lab = await newHost(test);
    const count = runs(100, 1);
    announce(`${OPENERS} openers of which some are killed, ${shell}`, count);
    for (let round = 0; round < count; round++) {
      onHost(lab, { shell, round: String(round), limit: '2', kill: 'yes' }, ROUND);
      // What is dead and has not begun does not count.
      const next = `until $shell /run/open.sh ffffffffff$round 60 2>/run/why; do [ -s /run/why ] && sleep 0.2; done`;
      onHost(
        lab,
        { shell, round: String(10 + (round % 90)) },
        `${next}\nsh /run/decide.sh ${STATE} ffffffffff$round rollback`,
      );
      const [begun = '', ended = '', ...rest] = onHost(lab, {}, SETTLE);
      expect(rest).toEqual([]);
      // One that is stopped before it says that it has begun is taken back as well.
      expect(Number.parseInt(ended, 10)).toBeGreaterThanOrEqual(Number.parseInt(begun, 10));
    }
  }, 1_800_000);
});

it('a change that is taken back before its first command runs none of them later', async (test) => {
  const lab = await newHost(test);
  const slow = `mkdir /run/slow; cat >/run/slow/setsid <<'EOF'
#!/bin/sh
case "$*" in *apply.sh*) sleep 1 ;; esac
exec ${lab.sh('command -v setsid').trim()} "$@"
EOF
chmod +x /run/slow/setsid
PATH=/run/slow:$PATH sh /run/open.sh 0123456789ab 60; sh /run/decide.sh ${STATE} 0123456789ab rollback`;
  onHost(lab, {}, slow);
  expect(onHost(lab, {}, SETTLE)).toEqual([' 1 ended']);
});
