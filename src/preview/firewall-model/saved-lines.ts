/** A line of what `iptables-save` or `ebtables-save` printed. */
export type SavedLine =
  | { readonly is: 'chain'; readonly table: string; readonly chain: string; readonly policy: string }
  | { readonly is: 'rule'; readonly table: string; readonly line: string; readonly number: number };

/** Takes a dump apart: chains that are declared, and everything else as rules, each with its table. */
export function savedLines(text: string): SavedLine[] {
  let table = '';
  return text.split('\n').flatMap((line, i): SavedLine[] => {
    if (line === '' || line.startsWith('#') || line === 'COMMIT') return [];
    const name = /^\*(\S+)$/.exec(line)?.[1];
    const [, chain, policy = ''] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (name !== undefined) table = name;
    else if (chain !== undefined) return [{ is: 'chain', table, chain, policy }];
    else return [{ is: 'rule', table, line, number: i + 1 }];
    return [];
  });
}
