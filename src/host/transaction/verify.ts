import { sleep } from '../../async/sleep.js';
import { runScript } from '../../process/run-script.js';
import { type Observation, observe } from '../observe/observe.js';
import type { ExpectedBridge } from '../plan/expected.js';
import type { Runner } from '../runner/runner.js';

/**
 * Asks gateways for an answer over a bridge; parameters: bridge, gateways. A neighbour that has told its MAC address
 * is there, whether it answers pings or not.
 */
const GATEWAYS = `
bridge=$1; shift
for gateway do
  ip neigh flush to "$gateway" dev "$bridge" 2>/dev/null
  if command -v ping >/dev/null; then ping -c 1 -W 1 -I "$bridge" "$gateway"
  elif command -v busybox >/dev/null; then busybox ping -c 1 -W 1 -I "$bridge" "$gateway"
  elif command -v arping >/dev/null; then arping -c 1 -w 1 -I "$bridge" "$gateway"
  else continue
  fi >/dev/null 2>&1 && continue
  case "$(ip neigh show to "$gateway" dev "$bridge")" in *FAILED*) ;; *lladdr*) continue ;; esac
  echo "$gateway does not answer over $bridge"
done
`;

/** The observed part. */
export interface HostCheck {
  /** Device over which gateways are asked. */
  readonly device: string;
  readonly gateways: readonly string[];
  /** Lists the differences, one line each. */
  readonly wrong: (now: Observation) => readonly string[];
}

/**
 * Checks a host until it is as it should be, or until the time is over. Each look is a connection of its
 * own, so that it shows whether the host can still be reached.
 *
 * @param check - the expected state
 * @param limitMs - how long things may take to settle
 * @returns what is wrong at the end; nothing when all is well
 */
export async function verify(
  runner: Runner,
  check: HostCheck,
  limitMs: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const end = performance.now() + limitMs;
  for (;;) {
    const wrong = await checkOnce(runner, check, signal);
    if (wrong.length === 0 || performance.now() > end) return wrong;
    await sleep(EVERY_MS, signal);
  }
}

const EVERY_MS = 300;

async function checkOnce(runner: Runner, check: HostCheck, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const wrong = check.wrong(await observe(runner, { signal }));
    if (wrong.length > 0 || check.gateways.length === 0) return wrong;
    const args = [check.device, ...check.gateways];
    const silent = await runScript(runner, { what: 'ask the gateways', script: GATEWAYS, args, signal });
    return silent.split('\n').filter((line) => line !== '');
  } catch (error) {
    signal.throwIfAborted();
    return [error instanceof Error ? error.message : String(error)];
  }
}

const SETTLE_MS = 4_000;
/** Time that daemons and DHCP servers get. */
const DAEMON_MS = 20_000;

/** Time that a bridge gets to reach its expected state, within the time that the host allows. */
export function settleMs(
  { stp = false, forwardDelay = 0, dynamic = [] }: Pick<ExpectedBridge, 'stp' | 'forwardDelay' | 'dynamic'>,
  byDaemon: boolean,
  limitMs: number,
) {
  const waits = [SETTLE_MS, stp ? 2000 * forwardDelay + SETTLE_MS : 0, byDaemon || dynamic.length > 0 ? DAEMON_MS : 0];
  return Math.min(
    waits.reduce((sum, ms) => sum + ms, 0),
    0.6 * limitMs,
  );
}
