import { redact } from '../../errors/index.js';

/** Names of settings, sections and options whose values nobody else may see. */
const SECRET = /psk|passw|passphrase|secret|credential|token|key\d*$|(?<![a-z])(?:pass|pin|cak)(?![a-z])/i;

/** What every such name has in it: a text without it is taken apart for nothing. */
const TRACE = /psk|pass|secret|credential|token|key|pin|cak/i;

/**
 * A setting as a warning may show it: after a name that promises a secret, such as `wpa-psk`, three asterisks stand for
 * the rest of the text.
 */
export function withoutSecrets(text: string): string {
  if (!TRACE.test(text)) return redact(text);
  const parts = text.split(/([\s=:]+)/);
  const at = parts.findIndex((part, i) => i % 2 === 0 && SECRET.test(part));
  const isFollowed = at !== -1 && parts.slice(at + 2).some((part) => part !== '');
  return redact(isFollowed ? `${parts.slice(0, at + 2).join('')}***` : text);
}
