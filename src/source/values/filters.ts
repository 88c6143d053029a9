import { sameValue } from '../../model/diff.js';
import { NwFilter } from '../../model/filter/nw-filter.js';
import type { FilterPackets, PacketsOf } from '../../model/filter/packets.js';
import type { FilterDocument, FilterEntry, FilterRule } from '../../schema/nwfilter/filter.js';
import type { FilterReference } from '../../schema/nwfilter/filterref.js';
import { compact } from '../../schema/values.js';
import { begun, type Chain } from '../recorded.js';
import { byName } from './nics.js';
import { attempt, completed, exactChain, type Part, part, type Step, unlessEmpty } from './parts.js';

type FilterStep = Step<NwFilter>;

const PARTS: readonly Part<NwFilter, FilterDocument>[] = [
  part('uuid', (uuid) => [(f) => f.withUuid(uuid)]),
  part('entries', (entries) => {
    const steps = entries.map(stepFor);
    const known = steps.filter((step) => step !== undefined);
    return known.length === steps.length ? known : [];
  }),
];

/** The call for a rule or an included filter; nothing where it has more than a call can say. */
function stepFor(entry: FilterEntry): FilterStep | undefined {
  const { rule, filterref } = entry;
  const candidates = [rule && shortStep(rule), rule && ruleStep(rule), filterref && includeStep(filterref)];
  return candidates.filter((step) => step !== undefined).find((step) => gives(step, entry));
}

const gives = (step: FilterStep, entry: FilterEntry): boolean =>
  sameValue(
    attempt(() => step(NwFilter.create('rules')).document.entries),
    [entry],
  );

const ruleStep =
  (rule: FilterRule): FilterStep =>
  (f) =>
    f.rule(rule);

const includeStep = ({ filter, parameters }: FilterReference): FilterStep => {
  const values = parameters && unlessEmpty(byName(parameters));
  return (f) => f.include(filter, values);
};

const METHODS: Readonly<Record<string, 'allow' | 'drop' | 'reject' | undefined>> = {
  accept: 'allow',
  drop: 'drop',
  reject: 'reject',
};

/** A rule by the method for its action, where its packets are those of a connection. */
function shortStep({ action, direction, priority, statematch, ...matches }: FilterRule): FilterStep | undefined {
  const method = METHODS[action];
  const packets = packetsOf(matches);
  if (method === undefined || packets === undefined) return undefined;
  const options = unlessEmpty(compact({ priority, stateMatch: statematch }));
  const given = options === undefined ? unlessEmpty(packets) : packets;
  return (f) => f[method](direction, given, options);
}

const CONNECTED = ['tcp', 'udp', 'sctp', 'tcp-ipv6', 'udp-ipv6', 'sctp-ipv6'] as const;

/** The packets of a rule in their short form; nothing where they have more than ports and addresses. */
function packetsOf(matches: Omit<FilterRule, 'action' | 'direction'>): FilterPackets | undefined {
  const [protocol, ...others] = Object.keys(matches);
  if (protocol === undefined) return {};
  if (others.length > 0) return undefined;
  if (protocol === 'all' || protocol === 'all-ipv6') return { protocol };
  const known = CONNECTED.find((one) => one === protocol);
  const [match, ...more] = (known && matches[known]) ?? [];
  if (known === undefined || match === undefined || more.length > 0) return undefined;
  const { dstportstart: start, dstportend: end, srcipaddr, srcipmask, dstipaddr, dstipmask } = match;
  const packets: PacketsOf<typeof known> = {
    protocol: known,
    ...(typeof start === 'number' ? { ports: typeof end === 'number' ? (`${start}-${end}` as const) : start } : {}),
    ...compact({ from: subnet(srcipaddr, srcipmask), to: subnet(dstipaddr, dstipmask) }),
  };
  return packets;
}

const subnet = (address: string | undefined, mask: unknown): string | undefined =>
  address === undefined || mask === undefined ? address : `${address}/${mask}`;

/** The calls that make a filter. */
export function filterChain(document: FilterDocument): Chain {
  const { name, chain, priority } = document;
  const options = unlessEmpty(compact({ chain, priority }));
  const begin = () => begun('NwFilter', NwFilter, (C) => C.create(name, options));
  return exactChain(document, 'NwFilter', () => completed(begin(), document, PARTS));
}
