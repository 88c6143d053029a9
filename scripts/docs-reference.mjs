// Writes docs/xml-reference.md and docs/guests-reference.md from the element tables and the TSDoc of their interfaces,
// docs/rules.md from the rules, docs/errors.md from the codes and docs/findings.md from the kinds of findings. `--check` fails when a page is out of date instead.

import { readFileSync, writeFileSync } from 'node:fs';
import { register } from 'tsx/esm/api';
import { anchor } from './anchor.mjs';

register();
const { cell, describe, describeVariants, row } = await import('./reference-tables.mjs');
const { networkTable } = await import('../src/schema/network/network.ts');
const { networkPortTable } = await import('../src/schema/networkport.ts');
const { hostInterfaceTable } = await import('../src/schema/interface.ts');
const { REMEDIES } = await import('../src/errors/remedies.ts');
const { wordsOf } = await import('../src/virsh/stderr.ts');
const samples = JSON.parse(readFileSync(new URL('../test/virsh/refusals.json', import.meta.url), 'utf8'));
const { docsOf } = await import('../src/errors/docs.ts');
const { RULES } = await import('../src/schema/rules/table.ts');
const { FILTER_RULES } = await import('../src/schema/nwfilter/rules.ts');
const { GUEST_RULES } = await import('../src/schema/guests/rules/table.ts');

const { filterBindingTable } = await import('../src/schema/nwfilter/binding.ts');
const { filterTable } = await import('../src/schema/nwfilter/filter.ts');
const { MATCH_TABLES } = await import('../src/schema/nwfilter/protocols.ts');
const ROOTS = [networkTable, networkPortTable, hostInterfaceTable];
const reference = `# Every element and attribute

Made from the tables that read and write them; \`npm run docs:update\` makes it again. Property names are those of the
documents (\`NetworkDocument\`, \`NetworkPort\`, \`HostInterface\` and their parts). Without a release, a part is as old as
the element that it stands in. An element that can stand in several places is described at the first.

${ROOTS.map(({ tag }) => `- [\`<${tag}>\`](#${anchor(`${tag} documents`)})`).join('\n')}

${ROOTS.map((root) => describe(root)).join('\n')}`;

const { NIC_TABLES } = await import('../src/schema/guests/nic-tables.ts');
const NICS = Object.entries(NIC_TABLES).flatMap(([word, table]) => (word === 'other' ? [] : [{ word, table }]));
const MATCHES = Object.entries(MATCH_TABLES).map(([word, table]) => ({ word, table, type: matchTypeOf(word) }));

/** The interface of what a rule says of packets of a protocol. */
function matchTypeOf(protocol) {
  const own = { mac: 'MacMatch', vlan: 'VlanMatch', stp: 'StpMatch', ip: 'IpMatch', ipv6: 'Ipv6Match' };
  const [plain] = protocol.split('-');
  if (plain === 'arp' || plain === 'rarp') return 'ArpMatch';
  if (plain === 'tcp') return 'TcpMatch';
  if (plain.startsWith('icmp')) return 'IcmpMatch';
  return own[plain] ?? (['udp', 'sctp'].includes(plain) ? 'PortMatch' : 'PacketMatch');
}

const PACKETS = 'Packets of a rule';
const guestsReference = `# Every element and attribute of guests' NICs and filters

Made from the tables that read and write them; \`npm run docs:update\` makes it again. Property names are those of the
documents (\`NicDocument\`, \`FilterDocument\`, \`FilterBindingDocument\` and their parts). Without a release, a part is as old
as the element that it stands in. Networks have [a page of their own](xml-reference.md).

- [\`<interface>\` of a domain](#${anchor('interface of a domain')})
- [\`<filter>\`](#${anchor('filter documents')}), and the [packets of its rules](#${anchor(PACKETS)})
- [\`<filterbinding>\`](#${anchor('filterbinding documents')})

${describeVariants('`<interface>` of a domain', 'A NIC of a guest. Its `type` decides which parts it has; "only" names the types that have a part.', NICS)}
${describe(filterTable, new Map(Object.values(MATCH_TABLES).map((table) => [table, PACKETS])))}
${describeVariants(PACKETS, 'What a packet must be for a rule to decide about it: one element for each protocol, whose attributes must all match; "only" names the protocols that have an attribute. Values may be variables, such as `$IP`.', MATCHES)}
${describe(filterBindingTable)}`;

const span = ({ since, until }) =>
  [since === undefined ? '' : `from ${since}`, until === undefined ? '' : `before ${until}`]
    .filter((part) => part !== '')
    .join(', ');
/** The place that links of errors and issues name: headings of GitHub keep underscores, these links have hyphens. */
const anchored = (code) => `<a id="${docsOf('errors', code).split('#')[1]}"></a>`;
const ruleRow = ([code, rule]) =>
  row(
    `${anchored(code)}\`${code}\``,
    rule.severity ?? 'error',
    rule.phase,
    span(rule),
    cell(rule.message),
    cell(rule.hint ?? ''),
  );
const rules = `# Every rule

\`validate()\` gives each broken rule as an issue with this code. The phase says when libvirt itself objects; \`never\`: it
accepts silently. Warnings do not keep a network from being printed. Words in braces stand for values of the document.

${row('Code', 'Severity', 'Phase', 'Releases', 'Message', 'Hint')}
|---|---|---|---|---|---|
${Object.entries(RULES).map(ruleRow).join('\n')}

## Guests' NICs

NICs of guests have those of the rules above that are about parts that they share with networks, and these.

${row('Code', 'Severity', 'Phase', 'Releases', 'Message', 'Hint')}
|---|---|---|---|---|---|
${Object.entries(GUEST_RULES).map(ruleRow).join('\n')}

## Filters

Filters of guests' traffic have those of the first table that are about any format, and these.

${row('Code', 'Severity', 'Phase', 'Releases', 'Message', 'Hint')}
|---|---|---|---|---|---|
${Object.entries(FILTER_RULES).map(ruleRow).join('\n')}
`;

// The meaning of a code is the comment over it in the union.
const codesSource = readFileSync(new URL('../src/errors/codes.ts', import.meta.url), 'utf8');
const codes = [...codesSource.matchAll(/\/\*\* ([^*]+(?:\*(?!\/)[^*]*)*) \*\/\s+\| '(\w+)'/g)].map(
  ([, meaning, code]) => ({
    code,
    meaning: meaning.replace(/\s+/g, ' ').replace(/\{@link ([^}]+)\}/g, '`$1`'),
  }),
);
/** What the hints of single errors say, or what no hint can. */
const ELSEWHERE = {
  VALIDATION: 'read `error.issues`: each has its place and mostly a hint; see [the rules](rules.md)',
  XML_SYNTAX: 'look at the line and column of the message',
  INVALID_ARGUMENT: 'the hint says what the argument must look like',
  BRIDGE_FIELD_UNSUPPORTED: 'leave them out, or write for one of the systems that `error.fields` names for each',
  TIMEOUT: 'allow more time with `timeoutMs`; when `mayHaveChanged(error)` is true, read the state before trying again',
  UNEXPECTED_REPLY: 'read the state before trying again; if it happens again, report it with its message',
  OVN_FIELD_UNSUPPORTED: 'leave them out, or keep the network on one host with libvirt',
  DATABASE_CHANGED: 'read the rows again, and try again',
  DATABASE_REFUSED: "the server's kind of refusal is in `error.kind`, the number of the operation in `error.index`",
  LIBVIRT: "libvirt's own words are in `error.libvirtMessage`, its number in `error.libvirtNumber`",
};
const remedyOf = (code) => ELSEWHERE[code] ?? REMEDIES[code] ?? '';
/** One line a sample: the words of several lines are shown by their first. */
const samplesOf = (code) => {
  const lines = samples
    .filter((sample) => sample.code === code)
    .map(({ stderr }) => wordsOf(stderr).message.split('\n')[0]);
  return [...new Set(lines)].map((line) => `\`${line.length > 160 ? `${line.slice(0, 160)} ...` : line}\``);
};
const errors = `# Every error code

\`LibvirtError.is(error)\` recognises what this library throws; \`error.code\` is one of these, and \`error.hint\` says what to do.
\`OperationError\`: libvirt was asked and refused. \`TransportError\`: it could not be asked, or its answer did not come.
\`HostBridgeError\`: a change of a host bridge did not come about; unless \`leftovers\` says otherwise, it was taken back.
\`mayHaveChanged(error)\` tells whether a call that threw may have changed the host all the same, for aborts too.

Codes come from libvirt's words in the C locale, whole and in their place: words of a release or a language that nobody here
has seen keep their text under \`LIBVIRT\`. The words below were printed by libvirt 9.0 and 11.3, or read in its source.

${codes
  .flatMap(({ code, meaning }) => {
    const remedy = remedyOf(code);
    const samples = samplesOf(code);
    return [
      `## ${anchored(code)}${code}`,
      '',
      meaning,
      '',
      ...(remedy === '' ? [] : [`What to do: ${remedy}.`, '']),
      ...(samples.length === 0 ? [] : ["libvirt's words:", '', ...samples.map((sample) => `- ${sample}`), '']),
    ];
  })
  .join('\n')}`;

const { FINDINGS } = await import('../src/doctor/findings.ts');
const findings = `# Every finding of the doctor

What [\`diagnose\`](doctor.md) can find, causes before what follows from them. A finding may weigh more or less than its kind: by what guests lose.

${row('id', 'severity', 'meaning')}
${row('---', '---', '---')}
${Object.entries(FINDINGS)
  .map(([id, { severity, means }]) => row(`\`${id}\``, severity, cell(means)))
  .join('\n')}
`;

const isCheck = process.argv.includes('--check');
const pages = {
  'xml-reference.md': reference,
  'guests-reference.md': guestsReference,
  'rules.md': rules,
  'errors.md': errors,
  'findings.md': findings,
};
for (const [page, text] of Object.entries(pages)) {
  const file = new URL(`../docs/${page}`, import.meta.url);
  if (!isCheck) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`docs/${page} is out of date: run npm run docs:update`);
    process.exitCode = 1;
  }
}
