import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.js';

/** What libvirt says of one document: its error text, or what it prints the network as. */
export interface Verdict {
  readonly error?: string;
  readonly xml?: string;
}

/** The program that is asked, and what it talks to. */
export interface Oracle {
  readonly virsh: string;
  readonly uri: string;
}

/** libvirt's test driver: it needs no root and no daemon, and its state ends with the process. */
const testDriver: Oracle = { virsh: 'virsh', uri: 'test:///default' };

/** What virsh can define from a file and print back. */
export interface Kind {
  /** Commands that clear the way. */
  readonly before: string;
  readonly define: string;
  /** Commands that print a thing and remove it. */
  readonly dump: (name: string) => string;
  readonly nameOf: (document: string) => string | undefined;
}

export const networks: Kind = {
  before: 'net-destroy default; net-undefine default',
  define: 'net-define',
  dump: (name) => `net-dumpxml --network=${quote(name)}; net-undefine --network=${quote(name)}`,
  nameOf: (document) => usableName(/<name>([^<&\n]+)<\/name>/.exec(document)?.[1]),
};

/** The test driver keeps an interface of the same name, and defines it again. */
export const interfaces: Kind = {
  before: 'iface-destroy eth1; iface-undefine eth1',
  define: 'iface-define',
  dump: (name) => `iface-dumpxml ${quote(name)}; iface-undefine ${quote(name)}`,
  nameOf: (document) => usableName(/<interface [^>]*?name='([^'&]+)'/.exec(document)?.[1]),
};

/** The same, held against libvirt's schema first. */
export const validatedInterfaces: Kind = { ...interfaces, define: 'iface-define --validate' };

/** Guests, as they would be at their next start. */
export const domains: Kind = {
  before: 'destroy test; undefine test',
  define: 'define --validate',
  dump: (name) => `dumpxml --inactive ${quote(name)}; undefine ${quote(name)}`,
  nameOf: (document) => usableName(/<name>([^<&\n]+)<\/name>/.exec(document)?.[1]),
};

const BATCH = 200;

/** Has libvirt define documents and print them back, many in one process. */
export function askLibvirt(documents: readonly string[], kind: Kind = networks, oracle = testDriver): Verdict[] {
  const folder = mkdtempSync(join(tmpdir(), 'libvirt-network-'));
  try {
    const verdicts: Verdict[] = [];
    for (let from = 0; from < documents.length; from += BATCH)
      verdicts.push(...askBatch(documents.slice(from, from + BATCH), kind, folder, oracle));
    return verdicts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function askBatch(documents: readonly string[], kind: Kind, folder: string, { virsh, uri }: Oracle): Verdict[] {
  const commands = documents.map((document, i) => {
    const file = join(folder, `${i}.xml`);
    writeFileSync(file, document);
    const name = kind.nameOf(document);
    const dump = name === undefined ? '' : `${kind.dump(name)}; `;
    return `${kind.define} ${file}; ${mark(i)}; ${dump}${mark(i)}`;
  });
  const printed = run(virsh, ['-q', '-c', uri, [kind.before, mark(documents.length), ...commands].join('; ')], {
    env: { ...process.env, LC_ALL: 'C' },
  });
  const [errors, outputs] = [frames(printed.stderr), frames(printed.stdout)];
  return documents.map((_, i) => {
    const error =
      errors
        .get(i)?.[0]
        ?.replace(/^error: Failed to (?:define|create) \w+ from .*\n/m, '')
        .trim() ?? '';
    const xml = outputs.get(i)?.[1] ?? '';
    return error === '' ? { xml: `${xml.trimEnd()}\n` } : { error: error.replace(/^error: /, '') };
  });
}

/** Prints a mark on both streams, so that what a command said can be told from what the next one says. */
const mark = (i: number): string => `echo '@@${i}@@'; echo --err '@@${i}@@'`;

/** What stood before each of a document's marks. */
function frames(text: string): Map<number, string[]> {
  const found = new Map<number, string[]>();
  let from = 0;
  for (const match of text.matchAll(/(?:error: )?@@(\d+)@@\n?/g)) {
    const i = Number(match[1]);
    found.set(i, [...(found.get(i) ?? []), text.slice(from, match.index)]);
    from = match.index + match[0].length;
  }
  return found;
}

/** A name that virsh takes as it is. */
const usableName = (name: string | undefined): string | undefined =>
  name === undefined || !/^[\w .-]+$/.test(name) || name.startsWith('-') ? undefined : name;
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
