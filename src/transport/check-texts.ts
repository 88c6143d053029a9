import { LibvirtError } from '../errors/index.js';
import { describeFailure, type Subject } from './libvirt-error.js';

/** Documents and titles; libvirt itself says what is wrong with them. */
const FREE_TEXTS: ReadonlySet<string> = /* @__PURE__ */ new Set(['text', 'xml']);

/**
 * Checks the texts of an input: none holds a NUL, libvirt refuses empty ones, and no name of a network, port or device has a
 * line break. For transports.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function checkTexts(input: Readonly<Record<string, unknown>>, subject: Subject): void {
  for (const [key, text] of Object.entries(input)) {
    if (typeof text !== 'string') continue;
    const wrong = text.includes('\0') ? 'has a NUL character' : FREE_TEXTS.has(key) ? undefined : wrongIn(text);
    if (wrong === undefined) continue;
    throw new LibvirtError('INVALID_ARGUMENT', `${describeFailure(subject)}: ${key} ${wrong}`, {
      operation: subject.operation,
      network: subject.network,
    });
  }
}

function wrongIn(text: string): string | undefined {
  if (text === '') return 'is empty';
  return /[\n\r]/.test(text) ? 'has a line break' : undefined;
}
