import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { lostCauses, lostCausesIn } from './support/causes.js';

/** Why these throw another error without the caught one. */
const EXEMPT: Readonly<Record<string, string>> = {
  'transport/with-deadline.ts':
    'the caught error only follows from the abort, the closing or the timeout that is thrown',
  'testing/filter-driver.ts': 'the mock answers with libvirt’s words, and nothing else comes from libvirt',
  'testing/mock.ts': 'the mock answers with libvirt’s words, and nothing else comes from libvirt',
};

describe('an error that leads to another one', () => {
  it('is its cause, or thrown itself, everywhere in the sources', () => {
    const lost = lostCauses(fileURLToPath(new URL('../src', import.meta.url)));
    expect(lost.filter((place) => EXEMPT[place.replace(/:\d+$/, '')] === undefined)).toEqual([]);
    expect(new Set(lost.map((place) => place.replace(/:\d+$/, '')))).toEqual(new Set(Object.keys(EXEMPT)));
  });

  it.each([
    ['try { a(); } catch { throw new Error("b"); }', [1]],
    ['try { a(); } catch (error) {\n  if (error.code) throw error;\n  throw new Error(String(error));\n}', [3]],
    ['try { a(); } catch (error) { throw new Error("b", { cause: wrap(error.code) }); }', [1]],
    ['a().catch((error) => { throw known(error) ? error : new Error("b"); });', [1]],
    ['a().catch(() => { throw new Error("b"); });', [1]],
    ['try { a(); } catch (error) { throw new Error("b", { cause: error }); }', []],
    ['try { a(); } catch (cause) { throw new Error("b", { cause }); }', []],
    ['a().catch((error) => { throw withOutcome(error, "b"); });', []],
    ['try { a(); } catch { return undefined; }', []],
  ])('the check reads %s', (text, lines) => {
    expect(lostCausesIn(text)).toEqual(lines);
  });
});
