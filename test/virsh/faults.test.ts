import { getEventListeners } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mayHaveChanged } from '../../src/index.js';
import { type VirshOptions, virsh } from '../../src/virsh/index.js';
import { caught } from '../support/caught.js';
import { define, document, dump, LeakCheck, network } from './leak-check.js';

const check = LeakCheck.install();

const programs = mkdtempSync(join(tmpdir(), 'libvirt-network-programs-'));
afterAll(() => rmSync(programs, { recursive: true, force: true }));

/** Writes a program that stands in for virsh. */
function program(name: string, script: string): string {
  const path = join(programs, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Kills a process and waits until whoever is its parent has noticed. */
async function killed(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  const end = Date.now() + 30_000;
  while (existsSync(`/proc/${pid}`) && Date.now() < end) await new Promise((resolve) => setImmediate(resolve));
}

describe('a virsh that fails leaves nothing behind', () => {
  it('when it looks at the definition: a file of its owner alone, which has no name any more', async () => {
    const path = program('looking', 'echo "error: $(stat -L -c "%a %h" /dev/stdin) $(cat /dev/stdin)" >&2; exit 1');
    expect(await define(virsh({ path }))).toMatchObject({
      code: 'LIBVIRT',
      libvirtMessage: `600 0 ${document.trim()}`,
    });
  });

  it('when it is not there, is not a program, or may not be run', async () => {
    const folder = join(programs, 'folder');
    mkdirSync(folder);
    const plain = join(programs, 'plain');
    writeFileSync(plain, 'text');
    for (const path of [join(programs, 'nosuch'), 'no-such-virsh', folder, plain, join(plain, 'virsh')])
      for (const call of [define, dump])
        expect(await call(virsh({ path }))).toMatchObject({ code: 'TOOL_MISSING', mayHaveChanged: false });
  });

  it('when it is killed in the middle of its answer', async () => {
    const path = program('killed', 'echo "<network>"; kill -9 $$');
    expect(await dump(virsh({ path }))).toMatchObject({ code: 'UNEXPECTED_REPLY', mayHaveChanged: false });
    expect(await define(virsh({ path }))).toMatchObject({ code: 'UNEXPECTED_REPLY', mayHaveChanged: true });
    expect(await caught(virsh({ path }).call('network.list', {}))).toMatchObject({ code: 'UNEXPECTED_REPLY' });
  });

  it('when it prints half a document and says that all is well', async () => {
    const path = program('half', 'printf "<network>\\n  <name>a</na"');
    expect(await dump(virsh({ path }))).toMatchObject({ code: 'UNEXPECTED_REPLY' });
    expect(await caught(virsh({ path }).call('network.list', { xml: true }))).toMatchObject({
      code: 'UNEXPECTED_REPLY',
    });
  });

  it('when it hangs, will not end, and has started others that will not either', async () => {
    const path = program('hanging', "trap '' TERM; sh -c \"trap '' TERM; sleep 1000\" & sleep 1000; sleep 1000");
    expect(await dump(virsh({ path }), 300)).toMatchObject({ code: 'TIMEOUT', mayHaveChanged: false });
    expect(await define(virsh({ path }), 300)).toMatchObject({ code: 'TIMEOUT', mayHaveChanged: true });
  });

  it('when the call is aborted, or the connection closed', async () => {
    const path = program('waiting', 'exec sleep 1001');
    const abort = new AbortController();
    const reason = new Error('enough');
    const aborted = caught(
      virsh({ path }).call('network.define', { xml: document, name: network }, { signal: abort.signal }),
    );
    await check.running('sleep 1001');
    abort.abort(reason);
    expect(await aborted).toBe(reason);
    expect(mayHaveChanged(reason)).toBe(true);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    const transport = virsh({ path });
    const closed = define(transport);
    await check.running('sleep 1001');
    await transport.close();
    expect(await closed).toMatchObject({ code: 'CLOSED', mayHaveChanged: true });
  });

  it('a signal that outlives its calls keeps no listener of theirs', async () => {
    const { signal } = new AbortController();
    const path = program('good', "cat <<'E'\n<network>\n</network>\nE");
    const transport = virsh({ path });
    for (let i = 0; i < 5; i++) await transport.call('network.dump', { network }, { signal });
    await caught(virsh({ path: 'false' }).call('network.dump', { network }, { signal }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('when it is too old for what was asked', async () => {
    const path = program('old', `echo "error: unknown command: 'net-metadata'" >&2; exit 1`);
    const error = await caught(virsh({ path }).call('metadata.get', { network, uri: 'urn:a' }));
    expect(error).toMatchObject({ code: 'CLIENT_TOO_OLD' });
    expect(String(error)).toContain('libvirt 9.7.0 or later');
  });

  it('when there is nowhere to put the definition', async () => {
    process.env['TMPDIR'] = join(check.temporary, 'nosuch');
    const error = await define(virsh({ path: program('never', 'exit 0') }));
    expect(error).toMatchObject({ code: 'TEMP_FILE_FAILED', mayHaveChanged: false });
    expect(String(error)).toContain('ENOENT');
  });

  it('when a program that it has started holds its output open', async () => {
    // As the master of an ssh does, which goes on for the next connection.
    const held = join(programs, 'held');
    const hold = `sleep 1000 & echo $! >> ${held}`;
    const path = program('holding', `${hold}; printf "<network>\\n  <name>a</name>\\n</network>\\n"; exit 0`);
    const transport = virsh({ path, timeoutMs: 60_000 });
    expect(await transport.call('network.dump', { network })).toContain('<name>a</name>');
    const silent = program('silent', `${hold}; echo "error: failed to connect to the hypervisor" >&2; exit 1`);
    expect(await define(virsh({ path: silent, timeoutMs: 60_000 }))).toMatchObject({ code: 'CONNECTION_FAILED' });
    for (const pid of readFileSync(held, 'utf8').trim().split('\n')) await killed(Number(pid));
  });

  it('while it tells events: on break, return, an error in the loop, an abort and a close', async () => {
    const line = "1970-01-01 00:00:00.000+0000: event 'lifecycle' for network a: Started";
    const path = program('telling', `while :; do echo "${line}"; sleep 0.01; done`);
    const options: VirshOptions = { path };
    for await (const _ of virsh(options).events()) break;
    const reader = virsh(options).events()[Symbol.asyncIterator]();
    await reader.next();
    await reader.return?.();
    const mine = new Error('mine');
    const thrown = async () => {
      for await (const _ of virsh(options).events()) throw mine;
    };
    expect(await caught(thrown())).toBe(mine);
    const abort = new AbortController();
    const aborted = async () => {
      for await (const _ of virsh(options).events({ signal: abort.signal })) abort.abort(mine);
    };
    expect(await caught(aborted())).toBe(mine);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    const transport = virsh(options);
    const closed = async () => {
      for await (const _ of transport.events()) await transport.close();
    };
    await caught(closed());
  });

  it('when it dies while it tells events', async () => {
    const path = program('dying', 'kill -9 $$');
    const reading = async () => {
      for await (const _ of virsh({ path }).events());
    };
    expect(await caught(reading())).toMatchObject({ code: 'UNEXPECTED_REPLY' });
  });
});
