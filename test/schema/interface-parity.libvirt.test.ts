import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LibvirtError, ValidationError } from '../../src/errors/index.js';
import { encode } from '../../src/schema/encode.js';
import { type HostInterface, hostInterfaceTable } from '../../src/schema/interface.js';
import { writeHostInterface } from '../../src/schema/small-formats/interface.js';
import { readHostInterface } from '../../src/schema/small-formats/read.js';
import { holdsExtra } from '../../src/schema/values.js';
import { writeXml } from '../../src/xml/write.js';
import { documentOf } from '../support/arbitrary.js';
import { mutate } from '../support/mutate.js';
import { needs } from '../support/needs.js';
import { askLibvirt, interfaces, type Verdict } from '../support/oracle.js';
import { announce, type Random, runs, seed, thinned } from '../support/random.js';
import { allSingleFaults } from '../support/single-faults.js';
import { WHOLE_INTERFACES } from '../support/whole-documents.js';

needs('virsh');

/** The test driver's release; interfaces are the same in later ones. */
const RELEASE = { libvirt: '9.0.0' };

/** An interface that has what its type needs, so that libvirt takes it more often than not. */
function completed(random: Random, value: HostInterface, name: string): HostInterface {
  const { type } = value;
  const whole: HostInterface = {
    vlan: { tag: '7', interface: { name: 'eth7' } },
    bond: {},
    bridge: {},
    ...value,
    name,
  };
  if (random.chance(0.2)) return { ...value, name };
  const nested = type === 'bridge' ? whole.bridge?.interfaces : whole.bond?.interfaces;
  const ports = nested?.map((one, i) =>
    completed(random, { ...one, type: type === 'bond' ? 'ethernet' : one.type }, `p${i}`),
  );
  if (ports === undefined) return whole;
  return type === 'bridge'
    ? { ...whole, bridge: { ...whole.bridge, interfaces: ports } }
    : { ...whole, bond: { ...whole.bond, interfaces: ports } };
}

function candidates(random: Random, count: number): string[] {
  return fc.sample(documentOf(hostInterfaceTable), { numRuns: count, seed }).map((value, i) => {
    let root = encode(hostInterfaceTable, completed(random, value, `if${i}`));
    for (let n = random.pick([0, 0, 1, 2]); n > 0; n--) root = mutate(random, root, hostInterfaceTable);
    return writeXml(root);
  });
}

/** libvirt writes these as they are, so that they are blanks at the next reading; we do not follow it there. */
const asLibvirtEscapes = (xml: string): string =>
  xml.replace(/&#(9|10|13);/g, (_, code) => String.fromCharCode(Number(code)));

/** Where we do not follow libvirt: with another word for stp it drops the bridge's delay and ports without a word. */
const hasOddStp = (xml: string): boolean => /stp='(?!(?:on|off)')/.test(xml);

/** Nor here: it makes one monitor of the attributes of several. */
const hasTwoMonitors = (xml: string): boolean => /<(miimon|arpmon)\b[^>]*>\s*<\1\b/.test(xml);

/** What our verdict has against libvirt's; nothing when they agree. */
function divergence(xml: string, theirs: Verdict): string | undefined {
  let value: HostInterface;
  try {
    value = readHostInterface(xml, RELEASE);
  } catch (error) {
    if (!LibvirtError.is(error)) throw error;
    return theirs.error === undefined ? `libvirt accepts, we say ${error.message}` : undefined;
  }
  if (theirs.error !== undefined) return `libvirt says ${theirs.error}, we say nothing`;
  try {
    if (holdsExtra(value)) return undefined; // we keep what libvirt drops
    const ours = asLibvirtEscapes(writeHostInterface(value, RELEASE));
    return theirs.xml === '\n' || ours === theirs.xml ? undefined : `libvirt prints\n${theirs.xml}\nwe print\n${ours}`;
  } catch (error) {
    const onlyUnsafe =
      error instanceof ValidationError && error.issues.every(({ code }) => code === 'UNESCAPED_CHARACTER');
    return onlyUnsafe ? undefined : String(error); // libvirt prints these malformed
  }
}

function expectAgreement(all: readonly string[]): void {
  const documents = all.filter((xml) => !hasOddStp(xml) && !hasTwoMonitors(xml));
  const verdicts = askLibvirt(documents, interfaces);
  const refused = verdicts.filter((verdict) => verdict.error !== undefined).length;
  const wrong = documents.flatMap((xml, i) => {
    const problem = divergence(xml, verdicts[i] ?? {});
    return problem === undefined ? [] : [`${problem}\n--- for\n${xml}`];
  });
  console.log(`${documents.length} interfaces, libvirt refused ${refused}, mismatches ${wrong.length}`);
  expect(wrong.slice(0, Number(process.env['SHOW'] ?? 5)).join('\n\n')).toBe('');
}

describe("our verdict on host interfaces is libvirt's, and so is what we print", () => {
  it('for generated interfaces, valid and broken', () => {
    const count = runs(3000);
    const random = announce('interface parity', count);
    expectAgreement(candidates(random, count));
  });

  it('for interfaces of every type with one thing wrong', () => {
    expect(askLibvirt(WHOLE_INTERFACES, interfaces).flatMap(({ error }) => error ?? [])).toEqual([]);
    expectAgreement(thinned('single faults of interfaces', allSingleFaults(WHOLE_INTERFACES, hostInterfaceTable)));
  });

  it('of two routes the first counts, whether or not it has a gateway', () => {
    const routes = "<protocol family='ipv4'><route/><route gateway='192.0.2.1'/></protocol>";
    const xml = `<interface type='ethernet' name='eth7'>${routes}</interface>`;
    expect(divergence(xml, askLibvirt([xml], interfaces)[0] ?? {})).toBeUndefined();
  });
});
