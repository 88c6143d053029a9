import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LibvirtError, NatNetwork } from 'libvirt-network';
import { installPortForwards, removePortForwards } from 'libvirt-network/host';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runOrThrow } from '../support/run.js';

const lab = NatNetwork.create('lab $(touch pwned)')
  .bridge('lvn-nowhere0')
  .subnet('192.168.50.1/24')
  .forwardPort({ protocol: 'tcp', hostPort: 8080, to: { ip: '192.168.50.10', port: 80 } });

describe('installing port forwards', () => {
  let directory: string;
  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'lvn-hooks-')), 'network.d');
  });
  afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

  for (const backend of ['iptables', 'nftables'] as const) {
    it(`puts the hook for ${backend} in place, once`, async () => {
      const first = await installPortForwards(lab, { backend, directory });
      expect(first).toMatchObject({ changed: true, daemonRestartNeeded: true });
      expect(readFileSync(first.file.path, 'utf8')).toBe(first.file.content);
      expect(statSync(first.file.path).mode & 0o777).toBe(0o755);
      expect(await installPortForwards(lab, { backend, directory })).toMatchObject({ changed: false });
      expect(readdirSync(directory)).toHaveLength(1);
    });

    it(`makes a script for ${backend} that a shell can read, and that leaves other networks alone`, async () => {
      const { file } = await installPortForwards(lab, { backend, directory });
      runOrThrow('sh', ['-n', file.path]);
      runOrThrow(file.path, ['other', 'started', 'begin', '-'], { env: {}, cwd: directory });
      expect(readdirSync(directory)).not.toContain('pwned');
    });
  }

  it('names the other networks whose hooks forward the same port of the host', async () => {
    const others = ["other's", 'Z\u00fcrich', 'apart'].map((name, i) =>
      NatNetwork.create(name)
        .bridge(`lvn-nowhere${i + 1}`)
        .subnet(`192.168.${51 + i}.1/24`)
        .forwardPort({
          protocol: 'tcp',
          hostPort: { start: i < 2 ? 8000 : 9000, end: 9010 },
          from: ['203.0.113.0/24', '198.51.100.9'],
          to: { ip: `192.168.${51 + i}.10` },
        }),
    );
    for (const other of others) await installPortForwards(other, { backend: 'nftables', directory });
    writeFileSync(join(directory, 'foreign'), '# Forwards: {"network":7}\n# Forwards: not JSON\n');
    const { conflicts } = await installPortForwards(lab, { backend: 'nftables', directory });
    expect(conflicts.map(({ code, owner }) => `${code} ${owner.name}`)).toEqual([
      'PORT_IN_USE Z\u00fcrich',
      "PORT_IN_USE other's",
    ]);
    expect(conflicts[1]?.message).toBe('tcp 8080 is forwarded to 192.168.51.10 by network "other\'s"');
    const again = await installPortForwards(others[2] ?? lab, { backend: 'nftables', directory, dryRun: true });
    expect(again.conflicts.map(({ owner }) => owner.name)).toEqual(['Z\u00fcrich', "other's"]);
  });

  it('tells what it would do, and does nothing', async () => {
    const { changed, command } = await installPortForwards(lab, { backend: 'iptables', directory, dryRun: true });
    expect(changed).toBe(true);
    expect(command.slice(1)).toEqual([lab.name, 'reload', 'begin', '-']);
    expect(existsSync(directory)).toBe(false);
  });

  it("keeps somebody else's file unless forced", async () => {
    const { file } = await installPortForwards(lab, { backend: 'iptables', directory });
    writeFileSync(file.path, '#!/bin/sh\necho mine\n');
    const refused = await installPortForwards(lab, { backend: 'iptables', directory }).catch((error: unknown) => error);
    expect(LibvirtError.is(refused) && refused.code).toBe('INVALID_ARGUMENT');
    expect(readFileSync(file.path, 'utf8')).toContain('echo mine');
    await installPortForwards(lab, { backend: 'iptables', directory, force: true });
    expect(readFileSync(file.path, 'utf8')).toBe(file.content);
  });

  it('is undone by removing, once', async () => {
    const { file } = await installPortForwards(lab, { backend: 'nftables', directory });
    // The rules are those of this machine's namespace: none were made, since there is no such bridge.
    writeFileSync(file.path, '#!/bin/sh\n# Made by libvirt-network.\necho "$2" > "$0.ran"\n', { mode: 0o755 });
    expect(await removePortForwards(lab, { backend: 'nftables', directory })).toMatchObject({ changed: true });
    expect(existsSync(file.path)).toBe(false);
    expect(readFileSync(`${file.path}.ran`, 'utf8')).toBe('stopped\n');
    expect(await removePortForwards(lab, { backend: 'nftables', directory })).toMatchObject({ changed: false });
  });
});
