import type { BaseNetwork } from 'libvirt-network';
import { checkFirewall, type NeedStatus } from 'libvirt-network/preview';
import { networkModelOf } from '../../../src/preview/flow/network-model.js';
import { difference } from '../matrix.js';
import type { FirewallHost } from './host.js';
import { NAT } from './networks.js';
import type { Question } from './probes.js';
import type { Recipe } from './recipes.js';

/** Sends packets, and returns those that took another way than both forms of nft's listing say. */
export async function differencesOn(
  host: FirewallHost,
  questions: readonly Question[],
  { vagueInJson, rejectedLater }: Pick<Recipe, 'vagueInJson' | 'rejectedLater'> = {},
): Promise<string[]> {
  const measured = await host.probe(questions);
  return (['text', 'json'] as const).flatMap((form) => {
    const model = networkModelOf(host.topology(form));
    return measured.flatMap(([question, probe]) => {
      const found = difference(model, question.packet, probe);
      const isVague = form === 'json' && vagueInJson && found?.includes('told depends');
      const isLater = question.packet.to === rejectedLater && found?.includes('told timeout');
      return found === undefined || isVague || isLater ? [] : `${form}: ${found}`;
    });
  });
}

/** What checkFirewall says that guests of a network lack. */
export function lacksOn(host: FirewallHost, network: BaseNetwork = NAT): readonly NeedStatus[] {
  const { firewall, kernel } = host.topology('text');
  return checkFirewall(network, firewall, { ...host.options, kernel }).needs.filter(({ state }) => state !== 'met');
}
