import { LibvirtError } from '../errors/index.js';
import { describeFailure, type Subject } from '../transport/libvirt-error.js';
import type { Operation, Operations } from '../transport/operations.js';
import { LIMITS } from './wire/procedures.js';

/** The most that the daemon adds to a network by itself, in bytes. */
const ADDED = 1024;
/** The most bytes that a tag grows by: a line break, and the blanks of a line, of which libxml2 prints at most 60. */
const PER_TAG = 64;
/** The most bytes that another character grows by when it is escaped; in attributes of metadata all do that are not ASCII. */
const PER_MARK = 5;

const TAG = 0x3c; // <
const MARKS: ReadonlySet<number> = new Set([0x22, 0x26, 0x27, 0x3e]); // " & ' >

/**
 * Refuses texts that the protocol cannot carry, and those that a daemon would take but could never send, since they
 * become too long when it prints them. Nobody could read the network then, and no listing with definitions would work.
 *
 * The entry of an update counts alone: what the network holds already is known to the daemon only, so that many updates
 * can still make a network too large.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export async function checkSize<K extends Operation>(
  operation: K,
  input: Operations[K]['input'],
  subject: Subject,
): Promise<void> {
  const texts: Readonly<Record<string, unknown>> = { ...input };
  for (const [key, text] of Object.entries(texts)) {
    const bytes = typeof text === 'string' ? Buffer.byteLength(text) : 0;
    if (bytes > LIMITS.text) throw tooLarge(subject, `${key} has ${shown(bytes)} bytes`);
  }
  const printed = await printedSize(operation, texts);
  if (printed > LIMITS.text)
    throw tooLarge(subject, `the daemon would print the network with ${shown(printed)} bytes, and could never send it`);
}

/** Returns how many bytes the daemon needs to print what it is given to keep; 0 where it is far from too many. */
async function printedSize(
  operation: Operation,
  { xml, text, uri, key }: Readonly<Record<string, unknown>>,
): Promise<number> {
  const kept = xml ?? text;
  const prefix = typeof key === 'string' ? key : '';
  if (typeof kept !== 'string' || !mayGrow(kept, prefix)) return 0;
  // The reader of networks loads with the first text that needs it.
  const { printedMetadata, printedNetwork, printedText } = await import('./printed-size.js');
  switch (operation) {
    case 'network.define':
    case 'network.create':
      return printedNetwork(kept);
    case 'metadata.set':
      return typeof uri === 'string' ? printedMetadata({ xml: kept, uri, key: prefix }) : 0;
    case 'text.set':
      return printedText(kept);
    default:
      return 0;
  }
}

/** Tells whether a text might be too large when it is printed: most are far from it, and need not be read. */
function mayGrow(text: string, prefix: string): boolean {
  const bytes = Buffer.byteLength(text);
  const perTag = PER_TAG + prefix.length + 1;
  if (perTag * bytes + ADDED <= LIMITS.text) return false;
  let most = bytes + ADDED;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character === TAG) most += perTag;
    else if (character > 0x7f || MARKS.has(character)) most += PER_MARK;
  }
  return most > LIMITS.text;
}

const shown = (bytes: number): string => bytes.toLocaleString('en');

const tooLarge = (subject: Subject, what: string): LibvirtError =>
  new LibvirtError(
    'INVALID_ARGUMENT',
    `${describeFailure(subject)}: ${what}; libvirt's protocol carries at most ${shown(LIMITS.text)}`,
    {
      hint: 'spread the hosts over several networks, or take out metadata that is not needed',
      operation: subject.operation,
      network: subject.network,
    },
  );
