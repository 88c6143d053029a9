import type { CST } from 'yaml';

/** No file of a network system is nested nearly as deeply; readers that call themselves have room for it. */
const DEEPEST = 100;

/** The offset of the first token that is nested too deeply. */
export function tooDeepAt(tokens: readonly CST.Token[]): number | undefined {
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > DEEPEST) return token.offset;
    for (const inside of tokensIn(token)) open.push({ token: inside, depth: depth + 1 });
  }
  return undefined;
}

function tokensIn(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat());
}
