import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SocketOptions, socket } from '../../src/socket/index.js';
import { CALLS } from '../../src/socket/wire/procedures.js';
import { programOf } from '../support/program.js';
import { start } from '../support/run.js';
import { body, FakeDaemon } from './fake-daemon.js';

/** A program that joins its input and output with a socket, as netcat does. */
const JOIN = `const socket = require('net').connect(process.argv[1]);
process.stdin.pipe(socket).pipe(process.stdout);`;
const through = (path: string): readonly [string, ...string[]] => [process.execPath, '-e', JOIN, path];

/** Ids of the processes with a text in their command line. */
const processesWith = (words: string): readonly string[] =>
  readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(words));

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

describe('a program that waits for nothing', () => {
  let daemon: FakeDaemon;
  beforeAll(async () => {
    daemon = await FakeDaemon.start(() => body(CALLS.CONNECT_LIST_ALL_NETWORKS, { nets: [], ret: 0 }));
  });
  afterAll(() => daemon.stop());

  const ways: Readonly<Record<string, () => SocketOptions>> = {
    'a socket': () => ({ path: daemon.path }),
    'another program': () => ({ command: through(daemon.path) }),
  };
  const program = programOf('test/support/idle-process.ts');

  describe.each(Object.entries(ways))('with a connection over %s', (_, options) => {
    it.each([
      ['ends by itself', 'leave', '0\n'],
      ['comes to the end of close()', 'close', '0\nclosed\n'],
    ])('%s', async (_, end, wanted) => {
      const child = start(process.execPath, [program, JSON.stringify(options()), end], { seconds: 20 });
      const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
      expect({ printed, code }).toEqual({ printed: wanted, code: 0 });
    });
  });

  it('has ended the program of its connection when close() resolves, even one that ignores SIGTERM', async () => {
    const stubborn = ['sh', '-c', `trap '' TERM; "$@"; sleep 60 #$2`, 'sh', ...through(daemon.path)] as const;
    const transport = socket({ uri: 'network:///system', command: stubborn });
    await transport.call('network.list', {});
    expect(processesWith(daemon.path)).not.toEqual([]);
    await transport.close();
    expect(processesWith(daemon.path)).toEqual([]);
  });
});
