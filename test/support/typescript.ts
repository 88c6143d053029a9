import { createRequire } from 'node:module';

/** The compiler, in place of `typescript` in tests: Node looks for names in all of a CommonJS module that ESM imports, which takes longer than to load it. */
export default createRequire(import.meta.url)('typescript');
