const SECRET = /^(?:keyfile|password|passphrase|token|pkipath|known_hosts|command|netcat)$/i;

/** Returns the secrets of a URI, as they stand there and as they may be printed. */
export function secretsOf(uri: string): string[] {
  const user = /^[^/]*\/\/([^/]*)@/.exec(uri)?.[1] ?? '';
  const password = user.includes(':') ? user.slice(user.indexOf(':') + 1) : '';
  const query = uri.includes('?') ? uri.slice(uri.indexOf('?') + 1) : '';
  const values = query.split('&').flatMap((pair) => {
    const [name = '', ...value] = pair.split('=');
    return SECRET.test(name) ? [value.join('=')] : [];
  });
  return [password, ...values].flatMap((secret) => [secret, decoded(secret)]).filter((secret) => secret !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray percent sign
  }
}
