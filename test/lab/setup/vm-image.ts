import { chmod, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../lab-error.js';
import { vmPart, vmScript } from '../parts.js';
import { VM_RECIPE } from '../recipes.js';
import { Apt } from './apt.js';
import { makePart } from './part.js';
import { run } from './run.js';
import { makeRoot, unpack } from './unpack.js';

/** The kernel's modules for NICs and for the channel that takes commands, in the order in which they are loaded. */
const MODULES = [
  ...['virtio_ring', 'virtio', 'virtio_pci_legacy_dev', 'virtio_pci_modern_dev', 'virtio_pci'],
  ...['failover', 'net_failover', 'virtio_net', 'virtio_console'],
];

/**
 * Makes what virtual machines consist of, unless the cache has it: the folder `qemu` with QEMU and its libraries, the
 * script `qemu-system-x86_64` that starts it from any place, `vmlinuz` and `initrd.gz`.
 */
export const makeVmImage = (): Promise<boolean> =>
  makePart(vmPart(), async (folder) => {
    const [forApt, kernel, qemu] = ['apt', 'kernel', 'qemu'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const apt = await Apt.read(forApt, { suite: VM_RECIPE.suite });
    await makeRoot(qemu);
    await unpack(await apt.fetch(await apt.resolve([VM_RECIPE.qemu])), qemu);
    await makeRoot(kernel);
    await unpack(await apt.fetch(await kernelPackages(apt)), kernel);
    await writeStarter(folder);
    await copyFile(await findFile(join(kernel, 'boot'), /^vmlinuz-/), join(folder, 'vmlinuz'));
    await packInitrd(kernel, folder);
    for (const path of [forApt, kernel]) await rm(path, { recursive: true });
    return '';
  });

/** The packages with the kernel itself and busybox, without the programs that would install them. */
async function kernelPackages(apt: Apt): ReturnType<Apt['resolve']> {
  const { kernel, busybox } = VM_RECIPE;
  return (await apt.resolve([kernel, busybox])).filter(({ name }) => name === busybox || /^linux-image-\d/.test(name));
}

/** Writes the script that starts QEMU with the libraries, modules and firmware beside it, whatever the machine has. */
async function writeStarter(folder: string): Promise<void> {
  const loader = await run('sh', ['-c', 'cd "$1"; echo qemu/usr/lib/*-linux-gnu/ld-linux-*.so.2', '-', folder]);
  const script = `#!/bin/sh
here=\${0%/*}
libraries=$here/${loader.trim().replace(/\/[^/]*$/, '')}
export QEMU_MODULE_DIR="$libraries/qemu"
exec "$here/${loader.trim()}" --library-path "$libraries" "$here/qemu/usr/bin/qemu-system-x86_64" \\
  -L "$here/qemu/usr/share/qemu" -L "$here/qemu/usr/share/seabios" -L "$here/qemu/usr/lib/ipxe/qemu" "$@"
`;
  await writeFile(join(folder, 'qemu-system-x86_64'), script, { mode: 0o755 });
}

/** Packs a file system of busybox, the modules, and the script that runs first. */
async function packInitrd(kernel: string, folder: string): Promise<void> {
  const root = join(folder, 'initrd');
  for (const name of ['bin', 'dev', 'etc', 'lib', 'proc', 'sys', 'tmp'])
    await mkdir(join(root, name), { recursive: true });
  await copyFile(join(kernel, 'bin/busybox'), join(root, 'bin/busybox'));
  for (const [i, name] of MODULES.entries()) {
    const module = await findFile(join(kernel, 'lib/modules'), new RegExp(`/${name}\\.ko$`));
    await copyFile(module, join(root, 'lib', `${i}-${name}.ko`));
  }
  await copyScript('init.sh', join(root, 'init'));
  await copyScript('lease.sh', join(root, 'etc/lease'));
  await run('sh', ['-c', 'cd "$1"; find . | bin/busybox cpio -o -H newc 2>/dev/null | gzip >../initrd.gz', '-', root]);
  await rm(root, { recursive: true });
}

async function copyScript(name: Parameters<typeof vmScript>[0], target: string): Promise<void> {
  await copyFile(vmScript(name), target);
  await chmod(target, 0o755);
}

async function findFile(folder: string, pattern: RegExp): Promise<string> {
  const found = (await readdir(folder, { recursive: true })).find((name) => pattern.test(name));
  if (found === undefined) throw new LabError(`the kernel package has no file ${pattern}`);
  return join(folder, found);
}
