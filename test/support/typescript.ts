import { createRequire } from 'node:module';

/**
 * The compiler, which tests get for `typescript`. Before Node runs a CommonJS module that ESM imports, it looks for names in
 * all of its text, which takes longer than to load it.
 */
export default createRequire(import.meta.url)('typescript');
