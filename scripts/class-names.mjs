// esbuild turns a class that names itself into `var NatNetwork = class _NatNetwork`, and that name is the one which
// stack traces, console.log and diffs of test runners show.

/** Gives the classes of a bundle the names that they have in the sources. Every column stays where it is, and so the source map holds. */
export function restoreClassNames(code) {
  const renamed = [...code.matchAll(/^var (\w+) = class _\1\b/gm)].map(([, name]) => name);
  return renamed.reduce((text, name) => text.replace(new RegExp(`(?<![\\w$.])_${name}\\b`, 'g'), ` ${name}`), code);
}

/** The plugin of tsup that does so. */
export const classNames = {
  name: 'class-names',
  renderChunk: (code) => ({ code: restoreClassNames(code) }),
};
