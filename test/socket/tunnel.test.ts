import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type SocketOptions, socket } from '../../src/socket/index.js';
import { CALLS } from '../../src/socket/wire/procedures.js';
import { caught } from '../support/caught.js';
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

describe('the words of what carries a connection', () => {
  let folder: string;
  beforeAll(() => {
    vi.stubEnv('LC_ALL', 'de_DE.UTF-8');
    folder = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  async function wordsOf(options: SocketOptions): Promise<string> {
    const transport = socket({ timeoutMs: 20_000, ...options });
    const error = await caught(transport.call('network.list', {}));
    await transport.close();
    return String(error);
  }
  const program = (name: string, lines: string): string => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
    return file;
  };
  const SAY = 'echo "language $LC_ALL" >&2; exit 1';

  it('are English on this side', async () => {
    expect(await wordsOf({ command: ['sh', '-c', SAY] })).toContain('language C:');
  });

  it('are English on the other side of ssh', async () => {
    program('virt-ssh-helper', SAY);
    // The last word is the command for the other side, whose language is its own.
    const ssh = program('ssh', `for last; do :; done; PATH="${folder}:$PATH" LC_ALL=de_DE.UTF-8 exec sh -c "$last"`);
    expect(await wordsOf({ uri: `qemu+ssh://kvm1/system?command=${ssh}` })).toContain('language C:');
  });
});

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
