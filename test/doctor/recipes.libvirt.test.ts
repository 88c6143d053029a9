import type { Diagnosis } from 'libvirt-network/doctor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';
import { DoctorHost } from './doctor-host.js';
import { RECIPES } from './recipes/index.js';
import type { Recipe } from './recipes/recipe.js';
import { named } from './verdict.js';

needs('daemon 9.0', 'daemon 12.9');

const only = process.env['RECIPE'];

describe.each(['9.0', '12.9'] as const)('a host with libvirt %s', (release) => {
  const backend = release === '9.0' ? 'iptables' : 'nftables';
  const own = RECIPES.filter(({ backends }) => backends.includes(backend));
  const chosen =
    only === undefined
      ? thinned(`recipes for the doctor on libvirt ${release}`, own, 24)
      : own.filter(({ name }) => new RegExp(only).test(name));
  const counts = { named: 0, missed: 0, false: 0, quiet: 0 };
  let host: DoctorHost;
  beforeAll(() => {
    host = new DoctorHost(release);
  });
  afterAll(async () => {
    console.log(`the doctor on libvirt ${release}: ${JSON.stringify(counts)} of ${chosen.length} recipes`);
    await host.stop();
  });

  /** Counts by what the doctor says and what it must say. */
  function count({ findings }: Diagnosis, { expected }: Recipe, hit: boolean): void {
    const wanted = expected[backend] !== undefined;
    if (wanted) counts[hit ? 'named' : 'missed']++;
    else counts[findings.length === 0 ? 'quiet' : 'false']++;
  }

  it.each(chosen)('is diagnosed: $name', async (recipe) => {
    const expected = recipe.expected[backend];
    const { packet } = recipe;
    const arrivals = [packet === undefined || host.arrives(packet)];
    host.run(recipe.breaks);
    arrivals.push(packet !== undefined && host.arrives(packet));
    const diagnosis = await host.diagnose(recipe.target).finally(() => host.run(recipe.restores));
    const found = named(diagnosis, expected);
    count(diagnosis, recipe, JSON.stringify(found) === JSON.stringify(expected));
    expect(found, JSON.stringify(diagnosis.findings, undefined, 1)).toEqual(expected);
    arrivals.push(packet === undefined || host.arrives(packet));
    expect(arrivals, 'the packet arrives before, not while it is broken, and afterwards').toEqual([true, false, true]);
    const later = await host.diagnose(recipe.target);
    // A complaint always gets an answer.
    expect(
      later.findings.filter(({ id }) => id !== 'not-on-host'),
      'after it was taken back',
    ).toEqual([]);
  });
});
