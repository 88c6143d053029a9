import { type Issue, ValidationError } from '../../../src/errors/index.js';
import { GuestNic } from '../../../src/model/guest-nic/guest-nic.js';
import type { NicDocument } from '../../../src/schema/guests/nic.js';
import type { HostInterface } from '../../../src/schema/interface.js';
import type { NetworkDocument } from '../../../src/schema/network/network.js';
import { inspectNetwork } from '../../../src/schema/network/read.js';
import type { NetworkPort } from '../../../src/schema/networkport.js';
import { checkNetwork } from '../../../src/schema/rules/index.js';
import { checkCompanion } from '../../../src/schema/small-formats/format.js';
import { hostInterfaceFormat } from '../../../src/schema/small-formats/interface.js';
import { networkPortFormat } from '../../../src/schema/small-formats/networkport.js';
import { readHostInterface, readNetworkPort } from '../../../src/schema/small-formats/read.js';
import { type Expected, expectedOf, type Format, type RuleExample, type Source, type Verdict } from './example.js';

type Options = { readonly libvirt?: string | undefined };

/** Lists the issues of a text: those of reading it, and where it can be read those of its data. */
const ofText: Readonly<Record<Format, (text: string, options: Options) => readonly Issue[]>> = {
  network: (text, options) => inspectNetwork(text, options).issues,
  port: (text, options) => ofData.port(readNetworkPort(text, options), options),
  'host interface': (text, options) => ofData['host interface'](readHostInterface(text, options), options),
  'guest interface': (text, options) => GuestNic.parse(text, options).validate(options),
};

// The examples are data from elsewhere: whether they have the right shape is what is checked.
const ofData: Readonly<Record<Format, (data: object, options: Options) => readonly Issue[]>> = {
  network: (data, options) => checkNetwork(data as NetworkDocument, options),
  port: (data, options) => checkCompanion(networkPortFormat, data as NetworkPort, options),
  'host interface': (data, options) => checkCompanion(hostInterfaceFormat, data as HostInterface, options),
  'guest interface': (data, options) => GuestNic.from(data as NicDocument).validate(options),
};

/** Lists what is wrong with a document. */
export function issuesOf(source: Source, format: Format = 'network', libvirt?: string): readonly Issue[] {
  if (typeof source === 'function') return source(libvirt);
  if (typeof source === 'object') return ofData[format](source, { libvirt });
  try {
    return ofText[format](source, { libvirt });
  } catch (error) {
    if (error instanceof ValidationError) return error.issues;
    throw error;
  }
}

function verdictOf({ phase, severity }: Issue): Verdict {
  if (severity === 'warning') return 'warning';
  return phase === 'never' ? 'unsafe' : phase;
}

const describe = (rule: string, is: string, path: string, line?: number): string =>
  `${rule} (${is}) at '${path}'${line === undefined ? '' : ` on line ${line}`}`;

const describeIssue = (issue: Issue): string => describe(issue.code, verdictOf(issue), issue.path, issue.line);
const describeExpected = (expected: Expected): string => describe(...expected);

/**
 * Lists what an example does not show: issues that it lacks, issues that it should not have, and a document beside it
 * that breaks the rule as well.
 *
 * @param ignored - a code that does not count
 */
export function problemsOf(example: RuleExample, ignored?: string): readonly string[] {
  const { rule, format, libvirt, broken, right, fineIn } = example;
  const list = (source: Source, release = libvirt) =>
    issuesOf(source, format, release).filter(({ code }) => code !== ignored);
  const wanted = expectedOf(example).map(describeExpected);
  const found = list(broken).map(describeIssue);
  const again = (source: Source, release?: string) => list(source, release).filter(({ code }) => code === rule);
  return [
    ...wanted.filter((one) => !found.includes(one)).map((one) => `lacks ${one}`),
    ...found.filter((one) => !wanted.includes(one)).map((one) => `has also ${one}`),
    ...(found.length > new Set(found).size ? [`reports an issue more than once: ${found.join(', ')}`] : []),
    ...(right === undefined ? [] : again(right)).map((issue) => `the right one has ${describeIssue(issue)}`),
    ...(fineIn === undefined ? [] : again(broken, fineIn)).map(
      (issue) => `by ${fineIn} too it has ${describeIssue(issue)}`,
    ),
  ];
}
