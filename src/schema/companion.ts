import { type Issue, ValidationError } from '../errors/index.js';
import { readXml } from '../xml/read.js';
import { writeXml } from '../xml/write.js';
import { decode } from './decode.js';
import type { ElementTable } from './element.js';
import { encode } from './encode.js';
import { type HostInterface, hostInterfaceTable } from './interface.js';
import { Locator } from './locate.js';
import { type NetworkPort, networkPortTable } from './networkport.js';
import { formatPath } from './path.js';
import { NEWEST_RELEASE } from './release.js';
import { type Found, ruleContext } from './rules/context.js';
import { inspect } from './rules/inspect.js';
import { issueOf } from './rules/issue.js';
import { vocabularyOf } from './vocabulary.js';

function read<T>(table: ElementTable<T>, source: string): T {
  const document = readXml(source, { vocabulary: vocabularyOf(table) });
  const { value, findings } = decode(table, document.root);
  const locator = new Locator(document, table);
  const issues: Issue[] = findings.map(({ rule, path, params, node, attribute }) =>
    issueOf({ rule, path: formatPath(path), params }, locator.ofNode(node, attribute)),
  );
  const root = document.root.name;
  if (root !== table.tag) issues.unshift({ code: 'XML_ROOT', severity: 'error', phase: 'parse', path: '', message: `the root element is <${root}>, not <${table.tag}>`, line: 1, column: 1 });
  refuse(table, issues);
  return value as T; // no finding: every part has the type that its table says
}

function write<T>(table: ElementTable<T>, value: T): string {
  const found: Found[] = [];
  inspect(table, value, undefined, ruleContext({ name: '' }, Number.POSITIVE_INFINITY, found));
  refuse(table, found.map((one) => issueOf(one)));
  return writeXml(encode(table, value, NEWEST_RELEASE));
}

function refuse(table: { readonly tag: string }, issues: readonly Issue[]): void {
  const errors = issues.filter((issue) => issue.severity === 'error');
  if (errors.length > 0) throw new ValidationError(`<${table.tag}>`, errors);
}

/**
 * Reads a `<networkport>` document: a guest's port on a network.
 *
 * @throws {@link XmlSyntaxError} when the text is no XML, {@link ValidationError} when it is no network port
 */
export const readNetworkPort = (source: string): NetworkPort => read(networkPortTable, source);

/**
 * Prints a network port as libvirt prints it.
 *
 * @throws {@link ValidationError} when a property is missing or of the wrong kind
 */
export const writeNetworkPort = (port: NetworkPort): string => write(networkPortTable, port);

/**
 * Reads an `<interface>` document of libvirt's interface driver: a bridge, NIC, bond or VLAN of the host.
 *
 * @throws {@link XmlSyntaxError} when the text is no XML, {@link ValidationError} when it is no interface
 */
export const readHostInterface = (source: string): HostInterface => read(hostInterfaceTable, source);

/**
 * Prints a host interface as libvirt prints it.
 *
 * @throws {@link ValidationError} when a property is missing or of the wrong kind
 */
export const writeHostInterface = (value: HostInterface): string => write(hostInterfaceTable, value);
