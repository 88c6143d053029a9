import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import type { execa as Execa, Subprocess } from 'execa';

/** The variable by which a program is found that was started in the very moment in which this program ended. */
const MARK = 'LIBVIRT_NETWORK_STARTED';

/**
 * Reads `?MARK` before a program starts, and `+PID` and `-PID` for each process group that begins and ends. Its input
 * ends with this program, whatever ends it; then it ends the groups that are left, after half a second by force.
 */
const SCRIPT = `
trap '' HUP INT QUIT TERM
running=; expected=
while read -r change; do
  case $change in '?'*) expected=\${change#?}; continue ;; esac
  pid=\${change#?}; expected=; others=
  for other in $running; do [ "$other" = "$pid" ] || others="$others $other"; done
  case $change in +*) running="$others $pid" ;; *) running=$others ;; esac
done
search() {
  [ -n "$expected" ] || return
  any=yes
  for file in /proc/[0-9]*/environ; do
    case $(tr '\\0' ' ' < "$file") in
      *"${MARK}=$expected"*) file=\${file%/*}; running="$running \${file##*/}" ;;
    esac
  done 2>/dev/null
}
signal() { any=; for pid in $running; do kill "-$1" "-$pid" && any=yes; done 2>/dev/null; search; }
search; signal TERM
left=5
while [ -n "$any" ] && [ "$left" -gt 0 ]; do
  sleep 0.1 2>/dev/null || sleep 1
  signal 0; left=$((left - 1))
done
signal KILL
`;

type Program = Subprocess<{ stdin: 'pipe'; stdout: 'ignore'; stderr: 'ignore' }>;

/** True where programs run in process groups of their own. */
export const HAS_GROUPS = process.platform !== 'win32';

/** The process group of a program as `kill` takes it: also what has lost its parent is in it. */
export const groupOf = (pid: number): readonly number[] => (HAS_GROUPS ? [-pid] : []);

/**
 * A process that ends the programs of this one when this one is gone, be it by SIGKILL. A listener for signals could not
 * do that, and would change what a signal does to this program. The first program that is started brings it; it stays
 * until this program ends, and does not keep it from ending.
 */
class Guard {
  readonly #running = new Set<number>();
  #program: Program | undefined;

  /** Starts a program and watches over its process group. Its start gets variables to run it with. */
  start<T extends { readonly pid?: number | undefined }>(
    execa: typeof Execa,
    start: (marked: Readonly<Record<string, string>>) => T,
  ): T {
    if (!HAS_GROUPS) return start({});
    this.#program ??= this.#begin(execa);
    const mark = randomUUID();
    this.#tell(`?${mark}`);
    const started = start({ [MARK]: mark });
    if (started.pid !== undefined) {
      this.#running.add(started.pid);
      this.#tell(`+${started.pid}`);
    }
    return started;
  }

  /** Forgets a process group. */
  end(pid: number | undefined): void {
    if (pid !== undefined && this.#running.delete(pid)) this.#tell(`-${pid}`);
  }

  #begin(execa: typeof Execa): Program {
    const program = startGuard(execa);
    const forget = () => {
      if (this.#program === program) this.#program = undefined;
    };
    program.once('exit', forget);
    program.once('error', forget);
    for (const pid of this.#running) program.stdin.write(`+${pid}\n`);
    return program;
  }

  #tell(change: string): void {
    this.#program?.stdin.write(`${change}\n`);
  }
}

/** Where there is no shell, programs are not guarded: execa keeps the failure in the result, which nobody asks for. */
function startGuard(execa: typeof Execa): Program {
  const program = execa('sh', ['-c', SCRIPT], {
    cwd: '/',
    // It is this program's for as long as that lives, whatever was started meanwhile.
    env: { PATH: process.env['PATH'] },
    extendEnv: false,
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'ignore',
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
  });
  // Somebody may have ended it.
  program.stdin.on('error', () => {});
  program.unref();
  if (program.stdin instanceof Socket) program.stdin.unref();
  return program;
}

export const guard = new Guard();
