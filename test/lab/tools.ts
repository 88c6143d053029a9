import { fileURLToPath } from 'node:url';

const inSandbox = (name: string): string => fileURLToPath(new URL(`sandbox/${name}`, import.meta.url));

/** Starts daemons, guests and the outside. */
export const SANDBOX = inSandbox('libvirt-sandbox');

/** Sends and answers packets. */
export const NETPROBE = inSandbox('netprobe');

/** Makes a root folder with a release of libvirt. */
export const MKROOT = inSandbox('libvirt-sandbox-mkroot');
