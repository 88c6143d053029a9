import { checkFirewall } from 'libvirt-network/preview';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { traceFlow } from '../../src/preview/flow/explain.js';
import { networkModelOf } from '../../src/preview/flow/network-model.js';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';
import { FirewallHost } from './firewalls/host.js';
import { NAT } from './firewalls/networks.js';
import { questionsOf } from './firewalls/probes.js';
import { RECIPES, type Recipe } from './firewalls/recipes.js';
import { differenceIn, isLateError } from './matrix.js';

needs('daemon 9.0', 'daemon 12.9');

const only = process.env['RECIPE'];

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
      : own.filter(({ name }) => name.includes(only));

  it.each(chosen)('packets take the way that is explained: $name', (recipe) => {
    host.apply(recipe);
    try {
      expect(differences(recipe)).toEqual([]);
      expect(lacks(recipe)).toEqual(expectedLacks(recipe));
    } finally {
      host.restore(recipe);
    }
  });

  /** Packets that took another way than both forms of nft's listing say. */
  const differences = ({ vagueInJson }: Recipe): string[] => {
    const measured = host.probe(questionsOf(++round));
    return (['text', 'json'] as const).flatMap((form) => {
      const model = networkModelOf(host.topology(form));
      return [...measured].flatMap(([question, probe]) => {
        if (isLateError(traceFlow(model, question.packet), probe)) return [];
        const difference = differenceIn(model, question.packet, probe);
        const isVague = form === 'json' && vagueInJson && difference?.includes('told depends');
        return difference === undefined || isVague ? [] : `${form}: ${difference}`;
      });
    });
  };

  /** What checkFirewall says of the network `nat`, where the recipe says what it must say. */
  const lacks = (recipe: Recipe): object | undefined => {
    const failure = recipe.fails?.[backend];
    if (failure === undefined) return undefined;
    const { firewall, kernel } = host.topology('text');
    const failing = checkFirewall(NAT, firewall, { ...host.options, kernel }).needs.filter(
      ({ state }) => state !== 'met',
    );
    const named = failing.every(({ rule = '' }) => rule.includes(failure.rule));
    return { needs: [...new Set(failing.map(({ need }) => need))], named, rules: named ? [] : failing };
  };

  const expectedLacks = ({ fails }: Recipe): object | undefined => {
    const failure = fails?.[backend];
    return failure === undefined ? undefined : { needs: failure.needs, named: true, rules: [] };
  };
});
