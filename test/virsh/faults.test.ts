import { getEventListeners } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BridgedNetwork, connect, mayHaveChanged, type NetworkEvent, type Transport } from '../../src/index.js';
import { type VirshOptions, virsh } from '../../src/virsh/index.js';
import { caught } from '../support/caught.js';
import { beyond, type Holdings, holdings, startedWith } from '../support/leaks.js';
import { hasSandbox, RELEASES, type Sandbox, startSandbox } from '../support/sandbox.js';

const network = 'faulty';
const document = BridgedNetwork.create({ name: network, bridge: 'br0' }).toXml();

/** The folder for temporary files of this test alone, and programs in another. */
const temporary = mkdtempSync(join(tmpdir(), 'libvirt-network-faults-'));
const programs = mkdtempSync(join(tmpdir(), 'libvirt-network-programs-'));
const before = process.env['TMPDIR'];
const restore = (): void => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
};
afterAll(() => {
  for (const folder of [temporary, programs]) rmSync(folder, { recursive: true, force: true });
});

let held: Holdings;
beforeAll(async () => {
  // execa and what it loads stay.
  await caught(virsh({ path: 'false' }).call('network.dump', { network }));
});
beforeEach(async () => {
  process.env['TMPDIR'] = temporary;
  held = await holdings(temporary);
});
afterEach(async () => {
  const { handles, ...rest } = await holdings(temporary);
  const { handles: _, ...heldRest } = held;
  restore();
  expect(rest).toEqual(heldRest);
  expect(beyond(handles, held.handles)).toEqual({});
});

/** A program that stands in for virsh. */
function program(name: string, script: string): string {
  const path = join(programs, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Resolves with the id of a program that has been started here when it runs and has these words in its command line. */
async function running(words: string): Promise<number> {
  for (;;) {
    const found = startedWith(temporary).find((line) => line.includes(words));
    if (found !== undefined) return Number.parseInt(found, 10);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const define = (transport: Transport, timeoutMs = 60_000) =>
  caught(transport.call('network.define', { xml: document, name: network }, { timeoutMs }));
const dump = (transport: Transport, timeoutMs = 60_000) =>
  caught(transport.call('network.dump', { network }, { timeoutMs }));

describe('a virsh that fails leaves nothing behind', () => {
  it('when it looks at the definition: a file of its owner alone, which has no name any more', async () => {
    const path = program('looking', 'echo "error: $(stat -L -c "%a %h" /dev/stdin) $(cat /dev/stdin)" >&2; exit 1');
    expect(await define(virsh({ path }))).toMatchObject({
      code: 'LIBVIRT',
      libvirtMessage: `600 0 ${document.trim()}`,
    });
  });

  it('when it is not there, is no program, or may not be run', async () => {
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
    await running('sleep 1001');
    abort.abort(reason);
    expect(await aborted).toBe(reason);
    expect(mayHaveChanged(reason)).toBe(true);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    const transport = virsh({ path });
    const closed = define(transport);
    await running('sleep 1001');
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
    process.env['TMPDIR'] = join(temporary, 'nosuch');
    const error = await define(virsh({ path: program('never', 'exit 0') }));
    expect(error).toMatchObject({ code: 'TEMP_FILE_FAILED', mayHaveChanged: false });
    expect(String(error)).toContain('ENOENT');
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

for (const release of RELEASES) {
  describe.runIf(hasSandbox())(`a daemon that fails leaves nothing behind, libvirt ${release}`, () => {
    let sandbox: Sandbox;
    let options: VirshOptions;
    beforeAll(() => {
      restore();
      sandbox = startSandbox(release);
      options = { uri: sandbox.uri, path: sandbox.virsh };
    });
    afterAll(() => sandbox.stop());

    /** Lets the daemon stand still while something is done. */
    async function frozen<T>(work: () => Promise<T>): Promise<T> {
      sandbox.inside('kill -STOP $(pidof libvirtd)');
      try {
        return await work();
      } finally {
        sandbox.inside('kill -CONT $(pidof libvirtd) || true'); // it may be gone
      }
    }

    it('when it does not answer', async () => {
      await frozen(async () => {
        expect(await dump(virsh(options), 500)).toMatchObject({ code: 'TIMEOUT', mayHaveChanged: false });
        expect(await define(virsh(options), 500)).toMatchObject({ code: 'TIMEOUT', mayHaveChanged: true });
      });
    });

    it('when virsh is killed while it waits for the answer', async () => {
      await frozen(async () => {
        const call = define(virsh(options));
        process.kill(await running('net-define'), 'SIGKILL');
        expect(await call).toMatchObject({ code: 'UNEXPECTED_REPLY', mayHaveChanged: true });
      });
    });

    it('when it is gone between two calls and comes back', async () => {
      const transport = virsh(options);
      await transport.call('network.list', {});
      sandbox.daemon('kill');
      expect(await define(transport)).toMatchObject({ code: 'CONNECTION_FAILED', mayHaveChanged: false });
      sandbox.daemon('start');
      expect(await define(transport)).toBeUndefined();
      sandbox.daemon('kill');
      sandbox.daemon('start');
      await transport.call('network.undefine', { network });
    });

    it('when it is gone in the middle of a call', async () => {
      const transport = virsh(options);
      const error = await frozen(async () => {
        const call = define(transport);
        await running('net-define');
        sandbox.daemon('kill');
        return call;
      });
      expect(error).toMatchObject({ code: 'CONNECTION_FAILED' });
      sandbox.daemon('start');
      if ((await transport.call('network.list', {})).length > 0) await transport.call('network.undefine', { network });
    });

    it('when it is gone while it tells events: the stream throws', async () => {
      const reading = async () => {
        const onListening = () => sandbox.daemon('kill');
        for await (const _ of virsh(options).events({ onListening }));
      };
      expect(await caught(reading())).toMatchObject({ code: 'CONNECTION_FAILED' });
      sandbox.daemon('start');
    });

    it('when it is gone while it tells events: the stream goes on behind a gap', async () => {
      await using host = connect(virsh(options));
      const seen: NetworkEvent['type'][] = [];
      let times = 0;
      const onListening = () => {
        if (times++ === 0) {
          sandbox.daemon('kill');
          sandbox.daemon('start');
        } else void host.networks.define(BridgedNetwork.create({ name: network, bridge: 'br0' }));
      };
      for await (const { type } of host.networks.events({ reconnect: true, onListening })) {
        seen.push(type);
        if (type === 'defined') break;
      }
      expect(seen).toEqual(['gap', 'defined']);
      await (await host.networks.get(network)).undefine();
    });

    it('when the disk for temporary files is full', async () => {
      const full = join(sandbox.dir, 'full');
      sandbox.inside(
        `mkdir -p ${full}; mount -t tmpfs -o size=4k tmpfs ${full}; head -c 4096 /dev/zero > ${full}/file`,
      );
      // The disk is the sandbox's alone; this way leads into its mounts.
      process.env['TMPDIR'] = `/proc/${sandbox.pid}/root${full}`;
      const error = await define(virsh(options));
      expect(error).toMatchObject({ code: 'TEMP_FILE_FAILED', mayHaveChanged: false });
      expect(String(error)).toContain('ENOSPC');
      expect(sandbox.inside(`ls ${full}`)).toBe('file');
      sandbox.inside(`umount ${full}; rmdir ${full}`);
      expect(await virsh(options).call('network.list', {})).toEqual([]);
    });

    it('two hundred definitions at once are all there', async () => {
      const transport = virsh(options);
      const names = Array.from({ length: 200 }, (_, i) => `parallel-${i}`);
      const xml = (name: string) => BridgedNetwork.create({ name, bridge: 'br0' }).toXml();
      await Promise.all(names.map((name) => transport.call('network.define', { xml: xml(name), name })));
      expect(sandbox.ask('net-list', '--all', '--name').split('\n').sort()).toEqual([...names].sort());
      await Promise.all(names.map((name) => transport.call('network.undefine', { network: name })));
      expect(sandbox.ask('net-list', '--all', '--name')).toBe('');
    });
  });
}
