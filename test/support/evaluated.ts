import { transformSync } from 'esbuild';
import * as library from '../../src/index.js';

/** Runs a module that imports nothing but the library, and returns its constants in their order. */
export function evaluated(text: string): readonly unknown[] {
  const { code } = transformSync(text, { loader: 'ts', format: 'cjs' });
  const module: { exports: Record<string, () => unknown> } = { exports: {} };
  const load = (name: string): unknown => {
    if (name !== 'libvirt-network') throw new Error(`the module imports ${name}`);
    return library;
  };
  new Function('module', 'require', code)(module, load);
  const names = [...text.matchAll(/^export const (\S+) =/gm)].map(([, name = '']) => name);
  return names.map((name) => Reflect.get(module.exports, name));
}
