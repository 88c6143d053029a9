import { createRequire } from 'node:module';

declare global {
  var require: unknown;
}

/**
 * Loads execa, which takes a while, with the first program that is started.
 *
 * Some packages that it needs are CommonJS. In a program that a bundler has put into one ES module they find no `require`
 * while they load, so they get that of Node as long.
 */
export async function loadExeca(): Promise<typeof import('execa')> {
  if (globalThis.require !== undefined) return import('execa');
  globalThis.require = createRequire(import.meta.url);
  try {
    return await import('execa');
  } finally {
    globalThis.require = undefined;
  }
}
