// From values to the TypeScript that builds them.

export { type SourceOptions, type SourceValue, toSource } from './to-source.js';
