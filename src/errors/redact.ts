const SECRET_PARAMETERS = /([?&](?:keyfile|password|passphrase|token|sshauth|auth|pkipath|known_hosts)=)[^&#\s]*/gi;

/** A text without what must not be shown: user and password of URIs, and the parameters that name keys. */
export function redact(text: string): string {
  return text.replace(/(\/\/)[^/\s]*@/g, '$1***@').replace(SECRET_PARAMETERS, '$1***');
}
