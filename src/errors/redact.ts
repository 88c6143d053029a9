const SECRET_PARAMETERS =
  /([?&](?:keyfile|password|passphrase|token|sshauth|auth|pkipath|known_hosts|command|netcat)=)(?!\*{3}(?:[&#:\s'"]|$))[^&#\s'"]*/gi;
const USER = /(\/\/)[^/\s]*@/g;

/** Shorter values stand in ordinary words too: taking them out would make a text unreadable and hide nothing. */
const SHORTEST = 4;

/**
 * A text without what must not be shown: user and password of URIs, the parameters that name keys and programs,
 * and any value that is known to be secret.
 *
 * @param text - what is about to be shown
 * @param secrets - values that must not appear; those under four characters are ignored
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const known = secrets.filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);
  const without = known.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  // Most texts have neither, and looking for one is quicker than two replacements.
  if (!/[?&@]/.test(without)) return without;
  return without.replace(USER, '$1***@').replace(SECRET_PARAMETERS, '$1***');
}
