import { renderCommands } from '../../preview/firewall/commands.js';
import { statusOfRules } from '../../preview/firewall-check/rules.js';
import { explainFlow } from '../../preview/flow/explain.js';
import type { Finding } from '../findings.js';
import type { Facts, NetworkFacts } from './facts.js';
import { finding, proof } from './finding.js';
import type { FlowModel } from './flows.js';
import { ownerOf } from './owner.js';
import { RESTART } from './service.js';

/** Rules that libvirt makes when a network starts and that somebody has taken away since. */
export function ownRules(
  { topology: { backend, libvirt, firewall } }: FlowModel,
  { network, state: { name } }: NetworkFacts,
): Finding[] {
  const options = libvirt === undefined ? { backend } : { backend, libvirt };
  const gone = statusOfRules(network, firewall, options).filter(
    ({ rule, state, by }) =>
      state === 'missing' ||
      (state === 'shadowed' && by?.startsWith('nothing leads') && rule.target.type !== 'checksum'),
  );
  if (gone.length === 0) return [];
  const translates = gone.some(({ rule }) => rule.target.type === 'masquerade' || rule.target.type === 'snat');
  return [
    finding('libvirt-rules-missing', {
      what: `${gone.length} rules that libvirt made for network ${name} are gone: ${translates ? 'packets of guests leave with their own addresses, which nobody answers' : 'others reach guests that libvirt keeps from them'}`,
      network: name,
      severity: translates ? 'error' : 'warning',
      loses: translates ? [{ need: 'out' }, { need: 'isolation' }] : [{ need: 'isolation' }],
      evidence: gone
        .slice(0, 5)
        .map(({ rule, state, by }) =>
          proof(
            backend === 'nftables' ? 'nft list ruleset' : 'iptables-save',
            `${state === 'missing' ? 'missing' : by}: ${inOneLine(renderCommands([rule]))}`,
          ),
        ),
      owner: 'libvirt',
      remedy: {
        commands: [RESTART],
        note: 'libvirt makes its rules again when its daemon starts. Find out who flushes: nftables.service, iptables-restore, a firewall that starts.',
      },
    }),
  ];
}

/** Commands are rendered over several lines. */
const inOneLine = (command: string): string => command.replaceAll(/\s*\\?\n/g, ' ').trim();

/** A translation that comes before libvirt's, for guests whose source libvirt would translate. */
export function otherSource(
  { firewall }: Facts,
  model: FlowModel,
  { network, preview, state: { name } }: NetworkFacts,
): Finding[] {
  if (firewall === undefined || preview?.mode !== 'nat') return [];
  const flow = explainFlow(
    { ...model.topology, guests: [{ name: 'guest', network: network.name }] },
    { from: 'guest', to: 'outside', protocol: 'tcp', port: 443 },
  );
  const text = flow.steps.find(({ way, what }) => way === 'there' && what === 'translate')?.text;
  if (text === undefined || /LIBVIRT_PRT|libvirt_network/.test(text)) return [];
  return [
    finding('source-translated-elsewhere', {
      what: `another rule translates the source of what guests of network ${name} send, before libvirt does: machines beyond see ${flow.sourceSeen ?? 'its address'}`,
      network: name,
      loses: [],
      evidence: [proof('nft list ruleset', text)],
      owner: ownerOf(text, firewall),
      remedy: {
        commands: [],
        note: 'If it is not meant so, take the rule away, or let it leave the subnet of the network alone.',
      },
    }),
  ];
}
