import { expect } from 'vitest';
import { editDomainXml, nicsOf } from '../../src/guests/index.js';
import { nicSpans } from '../../src/schema/guests/nic-spans.js';

/** Changes, takes out and adds NICs of a domain one at a time, and looks that no byte elsewhere has changed. */
export function expectUntouched(domain: string): void {
  const options = { check: false };
  const nics = nicsOf(domain);
  expect(editDomainXml(domain, (all) => [...all])).toBe(domain);
  for (const [i, nic] of nics.entries()) {
    const state = nic.document.link?.state === 'down' ? 'up' : 'down';
    const changed = editDomainXml(domain, (all) => all.map((one, j) => (j === i ? one.withLink(state) : one)), options);
    expectOthersSame(domain, changed, i);
    expect(nicsOf(changed).map(({ document }) => document)).toEqual(
      nics.map((one, j) => (j === i ? one.withLink(state) : one).document),
    );
    const without = editDomainXml(domain, (all) => all.filter((_, j) => j !== i), options);
    expect(nicsOf(without).map(({ document }) => document)).toEqual(
      nics.filter((_, j) => j !== i).map(({ document }) => document),
    );
    expect(withoutNics(without)).toBe(withoutNics(domain));
  }
}

function expectOthersSame(before: string, after: string, number: number): void {
  const [old, changed] = [nicSpans(before)?.[number], nicSpans(after)?.[number]];
  expect(after).not.toBe(before);
  expect(after.slice(0, changed?.start)).toBe(before.slice(0, old?.start));
  expect(after.slice(changed?.end)).toBe(before.slice(old?.end));
}

/** The text without its NICs and without blanks, as a line that is empty goes with its NIC. */
function withoutNics(domain: string): string {
  const spans = nicSpans(domain) ?? [];
  return spans
    .reduceRight((text, { start, end }) => text.slice(0, start) + text.slice(end), domain)
    .replace(/\s+/g, '');
}
