import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inTheMiddle, nothingLeft, signalGroup } from '../support/in-the-middle.js';
import { inTurn } from '../support/random.js';

const OPERATIONS = ['events', 'ensure', 'applyHostBridge', 'installPortForwards'] as const;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** Ways to register a handler: each meets every operation and every signal. */
const HANDLERS = ['once', 'on'] as const;
/** A program that writes down that it runs, has a program of its own, and goes on when the file `go` is there. */
const SLOW = `#!/bin/sh
folder=\${0%/*}
sleep 1003 & child=$!
: >"$folder/running"
while [ ! -e "$folder/go" ]; do sleep 0.05 2>/dev/null || sleep 1; done
kill $child
case $1 in sh) exec "$@" ;; esac
echo 'error: the daemon is gone' >&2
exit 1
`;

describe('a signal in the middle of an operation', { concurrent: true }, () => {
  for (const [i, operation] of OPERATIONS.entries()) {
    for (const [j, signal] of SIGNALS.entries()) {
      for (const handler of inTurn(HANDLERS, i + j)) {
        it(`${operation}: ${signal} does what the handler registered with ${handler} decides, to abort`, async (test) => {
          const program = await inTheMiddle(test, { operation, handler, decision: 'abort', slow: SLOW });
          signalGroup(program, signal);
          expect(await program.ended).toEqual([0, null]);
          expect(program.said()).toEqual(['handler', 'failed: stop', 'finally']);
          await nothingLeft(program);
        });
      }

      it(`${operation}: ${signal} leaves the programs alone when the handler decides to go on`, async (test) => {
        const program = await inTheMiddle(test, { operation, handler: 'once', decision: 'go on', slow: SLOW });
        signalGroup(program, signal);
        expect(await program.ended).toEqual([0, null]);
        const [first, outcome, last, ...rest] = program.said();
        expect([first, last, rest]).toEqual(['handler', 'finally', []]);
        expect(outcome).toMatch(operation === 'installPortForwards' ? /^done$/ : /^failed: (?!.*by a signal)/);
        await nothingLeft(program);
      });
    }

    for (const signal of [...SIGNALS, 'SIGKILL'] as const) {
      it(`${operation}: ${signal} ends the program as Node.js does when it has no handler, and its programs`, async (test) => {
        const program = await inTheMiddle(test, { operation, handler: 'none', decision: 'go on', slow: SLOW });
        expect(program.children().length).toBeGreaterThan(1);
        process.kill(program.pid, signal);
        expect(await program.ended).toEqual([null, signal]);
        await nothingLeft(program);
        expect(existsSync(`/proc/${program.pid}/exe`)).toBe(false);
      });
    }
  }
});
