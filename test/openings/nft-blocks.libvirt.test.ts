import { type HostFirewall, readHostFirewall } from 'libvirt-network/preview';
import { describe, expect, it } from 'vitest';
import { ICMP_TYPE_NAMES } from '../../src/preview/openings/icmp-types.js';
import { needs } from '../support/needs.js';
import { runOrThrow } from '../support/run.js';

needs('daemon 9.0');

const table = (name: string, policy: string, rules: string): string => `table inet ${name} {
	set ports {
		type inet_service
		elements = { ${name === 'one' ? '1' : '2'}${policy === '' ? ', 22' : ''} }
	}

	chain forward {
		type filter hook forward priority filter;${policy}
		${rules}
	}

	chain other {
		counter
	}
}
`;

/** Rulesets in which a table, a chain and a set have more than one block. */
const RULESETS: readonly [string, string][] = [
  [
    'keeps the rules of all blocks',
    table('one', ' policy drop;', 'tcp dport 1 accept') + table('one', ' policy drop;', 'tcp dport 2 accept'),
  ],
  [
    'keeps the policy without a later one',
    table('one', ' policy drop;', 'tcp dport 1 accept') + table('one', '', 'tcp dport 2 accept'),
  ],
  [
    'takes the last policy',
    table('one', ' policy drop;', 'tcp dport 1 accept') + table('one', ' policy accept;', 'tcp dport 2 drop'),
  ],
  [
    'knows the elements of all blocks of a set',
    table('one', '', 'tcp dport @ports accept') + table('one', ' policy drop;', 'tcp dport 7 accept'),
  ],
  ['keeps tables apart', table('one', '', 'tcp dport 1 accept') + table('two', ' policy drop;', 'tcp dport 2 accept')],
];

/** What nft makes of a ruleset, in a network namespace of its own. */
const loaded = (text: string): string =>
  runOrThrow('unshare', ['--net', '--map-root-user', 'sh', '-c', 'nft -f - && nft -s list ruleset'], { input: text });

const read = (nft: string): HostFirewall => readHostFirewall({ nft });

describe('a chain in more than one block', () => {
  it.each(RULESETS)('%s, as nft does', (_, text) => {
    expect(read(text)).toEqual(read(loaded(text)));
  });
});

describe('the types of ICMP', () => {
  it.each(['icmp', 'icmpv6'] as const)('of %s are those that nft knows', (protocol) => {
    const described = runOrThrow('nft', ['describe', protocol, 'type']);
    const known = [...described.matchAll(/^\t(\S+) +\t +\d+$/gm)].map(([, name]) => name);
    expect(known.length).toBeGreaterThan(10);
    expect([...ICMP_TYPE_NAMES[protocol]].sort()).toEqual(known.sort());
  });
});
