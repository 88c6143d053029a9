// A real daemon of its own for a bench.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Starts a daemon that ends with this process at the latest. */
export function startSandbox() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const tool = join(root, 'test/lab/sandbox/libvirt-sandbox');
  const dir = mkdtempSync(join(tmpdir(), 'libvirt-network-bench-'));
  const printed = execFileSync(tool, ['start', '--dir', dir, '--tie-to', String(process.pid)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return {
    dir,
    uri: /^export LIBVIRT_DEFAULT_URI='?([^'\n]*)/m.exec(printed)[1],
    stop() {
      spawnSync(tool, ['stop', '--dir', dir], { stdio: 'ignore' });
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
