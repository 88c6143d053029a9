import { isRecord, listOf, recordOf } from '../../schema/values.js';

/** Prints a rule of nft's JSON in nftables' language, as `nft list ruleset` does. */
export const printNftRule = (expressions: readonly unknown[], comment: unknown): string =>
  [...expressions.map(printStatement), ...(typeof comment === 'string' ? [`comment "${comment}"`] : [])].join(' ');

function printStatement(statement: unknown): string {
  if (typeof statement === 'string') return statement;
  const [[verb = '', value] = []] = Object.entries(recordOf(statement));
  switch (verb) {
    case 'match':
      return printMatch(recordOf(value));
    case 'jump':
    case 'goto':
      return `${verb} ${text(recordOf(value)['target'])}`;
    case 'reject':
      return printReject(recordOf(value));
    case 'log':
      return 'log';
    case 'limit':
      return `limit rate ${text(recordOf(value)['rate'])}/${text(recordOf(value)['per'])}`;
    case 'mangle':
      return `${printValue(recordOf(value)['key'])} set ${printValue(recordOf(value)['value'])}`;
    case 'vmap':
      return `${printValue(recordOf(value)['key'])} vmap ${printValue(recordOf(value)['data'])}`;
    case 'xt':
      return `xt ${text(recordOf(value)['type'])} "${text(recordOf(value)['name'])}"`;
    case 'masquerade':
    case 'snat':
    case 'dnat':
    case 'redirect':
      return printTranslation(verb, recordOf(value));
    default:
      return value === null || verb === 'counter' ? verb : `${verb} ${printValue(value)}`;
  }
}

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

function printMatch({ op, left, right }: Readonly<Record<string, unknown>>): string {
  const flags = listOf(recordOf(left)['&']);
  if (recordOf(recordOf(flags[0])['payload'])['field'] === 'flags')
    return `tcp flags ${op === '!=' ? '!= ' : ''}${printList(right)} / ${printList(flags[1])}`;
  const operator = op === '==' || op === 'in' ? '' : `${text(op)} `;
  const mask = flags.length > 0 ? '== ' : '';
  return `${printValue(left)} ${operator === '' ? mask : operator}${printRight(left, right)}`;
}

const printList = (value: unknown): string => (Array.isArray(value) ? value : [value]).map(printValue).join(',');

/** The result of a look for a route is true or false in JSON, and a word in text. */
const printRight = (left: unknown, right: unknown): string =>
  isRecord(left) && 'fib' in left && typeof right === 'boolean' ? (right ? 'exists' : 'missing') : printList(right);

function printReject({ type, expr }: Readonly<Record<string, unknown>>): string {
  if (type === undefined) return 'reject';
  return type === 'tcp reset' ? 'reject with tcp reset' : `reject with ${text(type)} ${text(expr)}`.trimEnd();
}

function printTranslation(verb: string, { addr, port }: Readonly<Record<string, unknown>>): string {
  const address = printValue(addr);
  const shown = address.includes(':') && port !== undefined ? `[${address}]` : address;
  const ports = port === undefined ? '' : `:${printValue(port)}`;
  return address === '' && ports === '' ? verb : `${verb} to ${shown}${ports}`;
}

function printValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(printValue).join(',');
  if (!isRecord(value)) return value === undefined || value === null ? '' : String(value);
  const [[kind = '', inner] = []] = Object.entries(value);
  const fields = recordOf(inner);
  switch (kind) {
    case 'meta':
      return /^[io]if(name)?$/.test(text(fields['key'])) ? text(fields['key']) : `meta ${text(fields['key'])}`;
    case 'payload':
      return `${text(fields['protocol'])} ${text(fields['field'])}`;
    case 'ct':
      return `ct ${text(fields['key'])}`;
    case 'fib':
      return `fib ${listOf(fields['flags']).map(text).join(' . ')} ${text(fields['result'])}`;
    case 'prefix':
      return `${text(fields['addr'])}/${text(fields['len'])}`;
    case 'range':
      return listOf(inner).map(printValue).join('-');
    case 'concat':
      return listOf(inner).map(printValue).join(' . ');
    case 'set':
      return `{ ${(Array.isArray(inner) ? inner : [inner]).map(printElement).join(', ')} }`;
    case 'map':
      return `${printValue(fields['key'])} map ${printValue(fields['data'])}`;
    case 'elem':
      return printValue(fields['val']);
    case '&':
      return listOf(inner).map(printValue).join(' & ');
    default:
      return printStatement(value);
  }
}

/** An element of a set, or a pair of a map. */
export const printElement = (element: unknown): string =>
  Array.isArray(element) ? `${printValue(element[0])} : ${printStatementOrValue(element[1])}` : printValue(element);

const printStatementOrValue = (value: unknown): string => (isRecord(value) ? printStatement(value) : printValue(value));
