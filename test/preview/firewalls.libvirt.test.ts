import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';
import { differencesOn, lacksOn } from './firewalls/compare.js';
import { FirewallHost } from './firewalls/host.js';
import { NOBODY, questionsOf } from './firewalls/probes.js';
import { type Failure, RECIPES, type Recipe } from './firewalls/recipes.js';

needs('daemon 9.0', 'daemon 12.9');

const only = process.env['RECIPE'];

/** What checkFirewall says where a recipe takes nothing from guests. */
const NOTHING_FAILS: Failure = { needs: [], rule: [] };

describe.each(['9.0', '12.9'] as const)('other firewalls beside libvirt %s', (release) => {
  let host: FirewallHost;
  let round = 0;
  beforeAll(() => {
    host = new FirewallHost(release);
  });
  afterAll(() => host.stop());

  const backend = release === '9.0' ? 'iptables' : 'nftables';
  const own = RECIPES.filter((recipe) => recipe.backend === undefined || recipe.backend === backend);
  const chosen =
    only === undefined
      ? thinned(`recipes on libvirt ${release}`, own, 24)
      : own.filter(({ name }) => new RegExp(only).test(name));

  it.each(chosen)('packets take the way that is explained: $name', async (recipe) => {
    host.apply(recipe);
    onTestFinished(() => host.restore(recipe));
    const questions = [...questionsOf(++round), ...(recipe.asksNobody ? NOBODY : [])];
    expect(await differencesOn(host, questions, recipe)).toEqual([]);
    expect(lacks(recipe)).toEqual(expectedLacks(recipe));
  });

  /** The needs that fail, and those whose rule is not named. */
  const lacks = ({ fails }: Recipe): object => {
    const { rule } = fails?.[backend] ?? NOTHING_FAILS;
    const failing = lacksOn(host);
    const unnamed = failing.filter((one) => ![rule].flat().some((part) => (one.rule ?? '').includes(part)));
    return { needs: [...new Set(failing.map(({ need }) => need))], unnamed };
  };

  const expectedLacks = ({ fails }: Recipe): object => ({
    needs: (fails?.[backend] ?? NOTHING_FAILS).needs,
    unnamed: [],
  });
});
