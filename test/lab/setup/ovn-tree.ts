import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ovnPart } from '../parts.js';
import { OVN_RECIPE } from '../recipes.js';
import { Apt } from './apt.js';
import { makePart } from './part.js';
import { makeRoot, unpack } from './unpack.js';

/** Packages that others depend on for scripts that the lab does not run. */
const LEFT_OUT = /^(?:lib)?(?:perl|python3)|-perl$|^(?:adduser|debconf|dpkg|passwd|usrmerge|uuid-runtime)$/;

/** Folders of a host that packages do not bring. */
const FOLDERS = ['dev', 'etc', 'proc', 'root', 'run', 'sys', 'tmp', 'var/lib', 'var/log'];

/** Makes the root file system of hosts with Open vSwitch and OVN, unless the cache has it. */
export const makeOvnTree = (): Promise<boolean> =>
  makePart(ovnPart(), async (root) => {
    const forApt = join(root, 'apt');
    const apt = await Apt.read(forApt, { suite: OVN_RECIPE.suite });
    const packages = (await apt.resolve(OVN_RECIPE.packages)).filter(({ name }) => !LEFT_OUT.test(name));
    const files = await apt.fetch(packages);
    await rm(forApt, { recursive: true });
    await makeRoot(root);
    await unpack(files, root);
    for (const folder of FOLDERS) await mkdir(join(root, folder), { recursive: true });
    await symlink('bash', join(root, 'usr/bin/sh'));
    return '';
  });
