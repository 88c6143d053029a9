// Runs `npm ci && npm test` where there is nothing but node, npm, sh and coreutils, and nothing beside the checkout: as
// root, where this process is root's, and as an ordinary user. Ends with 1 where that fails, takes far more than two minutes
// (`npm ci` aside), or does not name each suite that was left out.
import { setOf, testFolder } from '../test/support/suites.js';
import { makeBareMachine, ORDINARY_USER } from './bare-machine.js';

/** Seconds that `npm test` may take on two cores with nothing else to do. */
const LIMIT = 120;

/** On a busy machine it may take longer by this factor, which the output says. */
const BUSY = 1.5;

/** The suites that need more than Node.js. */
const LEFT_OUT = testFolder().filter((path) => setOf(path) === 'libvirt');

/** Runs both commands, and returns what is wrong. */
function problemsOf(account: string, user?: number): string[] {
  const machine = makeBareMachine(user);
  try {
    const installed = machine.run('npm', ['ci', '--no-audit', '--no-fund'], 600);
    if (installed.status !== 0)
      return [`npm ci ended with ${installed.status}: ${installed.stdout}${installed.stderr}`];
    const begin = performance.now();
    const { status, stdout, stderr } = machine.run('npm', ['test'], 5 * LIMIT);
    const seconds = (performance.now() - begin) / 1000;
    const problems = [
      ...(status === 0 ? [] : [`npm test ended with ${status}`]),
      ...(seconds <= BUSY * LIMIT ? [] : [`npm test took ${seconds.toFixed(0)} s, far more than ${LIMIT} s`]),
      ...unnamed(stdout).map((suite) => `npm test does not say that it left ${suite} out`),
    ];
    if (problems.length > 0) process.stdout.write(`${stdout}${stderr}`);
    console.log(
      `bare machine, ${account}: npm test ended with ${status} after ${seconds.toFixed(0)} s, of at most ${LIMIT} s`,
    );
    return problems;
  } finally {
    machine.remove();
  }
}

/** The suites that need more than Node.js and have no line in the list of those that were left out. */
function unnamed(output: string): string[] {
  const [, list = ''] = output.split(/suites were left out/);
  return LEFT_OUT.filter((path) => !list.includes(`${path} `));
}

const isRoot = process.getuid?.() === 0;
const accounts: readonly (readonly [string, number?])[] = isRoot
  ? [['root'], ['ordinary user', ORDINARY_USER]]
  : [['ordinary user']];
const problems = accounts.flatMap(([account, user]) =>
  problemsOf(account, user).map((problem) => `bare machine, ${account}: ${problem}`),
);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
