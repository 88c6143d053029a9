/** The addresses and default routes that ifupdown would give a device, in the words of `ip`. */
export function setBy(
  said: string,
  device: string,
): { readonly addresses: readonly string[]; readonly gateways: readonly string[] } {
  const all = said.split('\n').map((line) => line.replace(/\s+/g, ' ').trim());
  const lines = all.filter((line) => `${line} `.replace(/:\S* /, ' ').includes(` dev ${device} `));
  const addresses = lines.flatMap((line) => /^ip (?:-6 )?addr add (\S+)/.exec(line)?.[1] ?? []);
  const gateways = lines.flatMap(
    (line) => /^ip (?:-6 )?route (?:add|replace) (?:default|0\.0\.0\.0\/0|::\/0) via (.*)/.exec(line)?.[1] ?? [],
  );
  return { addresses: addresses.map(withPrefix), gateways: gateways.map(routerIn) };
}

const routerIn = (words: string): string => {
  const metric = / metric (\d+)/.exec(words)?.[1];
  const router = words.split(' ')[0] ?? '';
  return metric === undefined ? router : `${router} ${metric}`;
};

function withPrefix(text: string): string {
  const [address = '', mask] = text.split('/');
  if (mask === undefined) return `${address}/128`;
  if (/^\d+$/.test(mask)) return text;
  const number = mask.startsWith('0x')
    ? Number(mask)
    : mask.split('.').reduce((all, byte) => all * 256 + Number(byte), 0);
  return `${address}/${number.toString(2).replaceAll('0', '').length}`;
}
