import { isElement, type XmlElement } from '../xml/node.js';
import type { AnyTable } from './element.js';
import type { Params } from './rules/context.js';
import type { RuleId } from './rules/table.js';
import { expectedHint, looksHint, placeholderHint } from './value-hints.js';
import { type Format, formatOf } from './vocabulary.js';

/** Facts that a hint is derived from. */
export interface Hintable {
  readonly rule: string;
  readonly params: Params;
  /** The element that the finding is about. */
  readonly node: XmlElement;
  /** The root of its document. */
  readonly root: XmlElement;
}

/**
 * Returns hints for the slips that people make, where they say more than the rule's own. What a document repeats ten
 * thousand times is looked up once.
 *
 * @param root - the table of the document's root
 */
export function hintsFor(root: AnyTable): (found: Hintable) => string | undefined {
  const format = formatOf(root);
  const ofElements = new Map<string, string | undefined>();
  return (found) => {
    const { rule, params } = found;
    if (rule !== 'UNKNOWN_ELEMENT') return generalHint(found) ?? byRule(found, root.tag, format);
    const { element = '', parent = '' } = params;
    const key = `${parent} ${element}`;
    if (!ofElements.has(key)) ofElements.set(key, looksHint(element) ?? elementHint(element, parent, format));
    return ofElements.get(key);
  };
}

/** Rules about words that are read as they are written; a title or a TXT record may hold any script. */
const OF_NAMES: ReadonlySet<string> = /* @__PURE__ */ new Set<RuleId>(['XML_ROOT', 'FWD_MODE_UNKNOWN', 'TEXT_IGNORED']);

/** What a word looks like says more than the rule that it breaks. */
function generalHint({ rule, params }: Hintable): string | undefined {
  if (rule === 'PLACEHOLDER') return undefined;
  const { value = '', attribute = '', expected } = params;
  if (rule === 'UNKNOWN_ATTRIBUTE') return looksHint(attribute);
  return expected !== undefined || OF_NAMES.has(rule) ? looksHint(value) : placeholderHint(value);
}

function byRule(found: Hintable, root: string, format: Format): string | undefined {
  const value = found.params['value'] ?? '';
  switch (found.rule) {
    case 'XML_ROOT': {
      const near = nearest(value, [root]);
      return otherDocumentHint(value, root) ?? (near === undefined ? undefined : `did you mean <${near}>?`);
    }
    case 'TEXT_IGNORED': {
      const isForeign = foreignTextHint(value);
      if (isForeign !== undefined) return isForeign;
      const [only, ...others] = attributesOf(format, found.node.name);
      return only === undefined || others.length > 0 ? undefined : `did you mean ${only}='${value}'?`;
    }
    case 'UNKNOWN_ATTRIBUTE':
      return attributeHint(found.params['attribute'] ?? '', found.node.name, format);
    case 'FWD_MODE_UNKNOWN':
      return modeHint(value);
    case 'NETMASK_GAPS':
    case 'IP_BAD_NETMASK':
    case 'RANGE_BAD_PREFIX':
    case 'PREFIX_INVALID':
      return netmaskHint(found.node.attributes['netmask'] ?? found.params['netmask'] ?? value);
    case 'ATTR_UINT':
      return /^\d+\.\d+\.\d+\.\d+$/.test(value) ? `did you mean netmask='${value}'?` : refusedValueHint(found);
    case 'IP_BAD_ADDRESS':
      return cidrHint(value) ?? refusedValueHint(found);
    case 'FWD_NEEDS_IP':
      return childHint(found.root, format, 'ip');
    case 'NAME_MISSING':
    case 'ELEMENT_REQUIRED':
    case 'VLAN_NO_TAG':
    case 'DNS_HOST_NAME':
      return childHint(found.node, format);
    default:
      return missingHint(found, format) ?? refusedValueHint(found);
  }
}

function refusedValueHint({ params, node }: Hintable): string | undefined {
  const { value, expected, attribute = '' } = params;
  if (value === undefined || expected === undefined) return undefined;
  return expectedHint({ value, expected, attribute: attribute in node.attributes ? attribute : undefined });
}

/** Text that other tools and languages leave between elements. */
function foreignTextHint(text: string): string | undefined {
  if (/^(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)/m.test(text))
    return 'resolve the merge conflict, then read the document again';
  if (/^(?:\/\/|#|\/\*)\s/.test(text)) return 'write a comment as <!-- ... -->';
  return undefined;
}

/** What other documents of libvirt describe, and the pages and lists that hold documents. */
const OTHER_DOCUMENTS: ReadonlyMap<string, string> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Object.entries({
    domain: 'describes a guest',
    domainsnapshot: 'describes a snapshot of a guest',
    pool: 'describes a storage pool',
    volume: 'describes a storage volume',
    device: 'describes a device of the host',
    filter: "describes a filter for guests' traffic",
    secret: 'describes a secret',
    capabilities: 'describes a host',
    network: 'describes a network',
    networkport: 'describes a port of a network',
    interface: 'describes a NIC of a guest or an interface of the host',
  }),
);

function otherDocumentHint(found: string, root: string): string | undefined {
  const what = OTHER_DOCUMENTS.get(found);
  if (what !== undefined) return `<${found}> ${what}; pass a document that begins with <${root}>`;
  return /^(?:networks|networkstatus|pre|code|html|body|div|p|source|xml|root)$/i.test(found)
    ? `pass the <${root}> inside <${found}> alone`
    : undefined;
}

const attributesOf = ({ named }: Format, element: string): readonly string[] => named.get(element)?.attributes ?? [];

const childrenOf = ({ named }: Format, element: string): readonly string[] => named.get(element)?.children ?? [];

function elementHint(element: string, parent: string, format: Format): string | undefined {
  const near = nearest(element, childrenOf(format, parent));
  if (near !== undefined) return `did you mean <${near}>?`;
  const parents = format.parents.get(element) ?? [];
  if (parents.length > 0) return `<${element}> belongs inside ${parents.map((name) => `<${name}>`).join(' or ')}`;
  const other = nearest(element, format.elements);
  return other === undefined
    ? undefined
    : `did you mean <${other}>, inside <${format.parents.get(other)?.join('> or <')}>?`;
}

/** Words from other formats and tools that people use for an attribute. */
const SYNONYMS: ReadonlyMap<string, readonly string[]> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Object.entries({
    stop: ['end'],
    from: ['start'],
    to: ['end'],
    begin: ['start'],
    mask: ['netmask'],
    subnet: ['netmask'],
    ip: ['address', 'addr'],
    address: ['ip', 'addr'],
    addr: ['address', 'ip'],
    gw: ['gateway'],
    via: ['gateway'],
    hostname: ['name'],
    hwaddr: ['mac', 'address'],
    interface: ['dev'],
    device: ['dev'],
    time: ['expiry'],
    vlan: ['id'],
    mtu: ['size'],
  }),
);

const suggestion = (attribute: string, known: readonly string[]): string | undefined =>
  SYNONYMS.get(attribute)?.find((word) => known.includes(word)) ?? nearest(attribute, known);

function attributeHint(attribute: string, element: string, format: Format): string | undefined {
  const word = suggestion(attribute, attributesOf(format, element));
  return word === undefined ? undefined : `did you mean ${word}='...'?`;
}

/** An attribute is missing, and another one that nobody knows is there instead. */
function missingHint({ params, node }: Hintable, format: Format): string | undefined {
  const missing = params['attribute'];
  if (missing === undefined || missing in node.attributes) return undefined;
  const known = attributesOf(format, node.name);
  const instead = Object.keys(node.attributes).find(
    (name) => !known.includes(name) && suggestion(name, [missing]) === missing,
  );
  return instead === undefined
    ? undefined
    : `did you mean ${missing}='${node.attributes[instead]}' instead of ${instead}?`;
}

/** A child is missing, and one that nobody knows is there instead. */
function childHint(element: XmlElement, format: Format, wanted?: string): string | undefined {
  const known = childrenOf(format, element.name);
  for (const child of element.children) {
    if (!isElement(child) || known.includes(child.name)) continue;
    const near = nearest(child.name, wanted === undefined ? known : [wanted]);
    if (near !== undefined) return `did you mean <${near}> instead of <${child.name}>?`;
  }
  return undefined;
}

function modeHint(mode: string): string {
  if (mode === 'isolated') return 'an isolated network has no <forward> element: remove it';
  const words = ['nat', 'route', 'open', 'bridge', 'private', 'vepa', 'passthrough', 'hostdev'];
  const near = words.find((word) => mode.toLowerCase().startsWith(word)) ?? nearest(mode, words);
  return near === undefined ? `use one of ${words.join(', ')}` : `did you mean mode='${near}'?`;
}

function netmaskHint(netmask: string): string | undefined {
  const bits = /^(?:0\.0\.0\.|\/)?(\d{1,3})$/.exec(netmask)?.[1];
  return bits !== undefined && Number(bits) <= 128 ? `did you mean prefix='${bits}'?` : undefined;
}

function cidrHint(value: string): string | undefined {
  const [, address, prefix] = /^(.+)\/(\d{1,3})$/.exec(value) ?? [];
  return address === undefined ? undefined : `did you mean address='${address}' prefix='${prefix}'?`;
}

/** The word that is one edit away: a letter more, less, other, or two swapped; letter case aside. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const alike = words.filter((one) => Math.abs(one.length - lower.length) <= 1 && one !== word);
  return alike.find((one) => one.toLowerCase() === lower || isOneEdit(one.toLowerCase(), lower));
}

function isOneEdit(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const restA = a.slice(start);
  const restB = b.slice(start);
  if (restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1)) return true;
  return restA.slice(2) === restB.slice(2) && restA[0] === restB[1] && restA[1] === restB[0];
}
