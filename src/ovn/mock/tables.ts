import type { BaseType, ColumnType } from '../database/schema.js';
import type { Json } from '../wire/json.js';
import { NORTHBOUND } from './northbound.js';

/** A column of the mock, with what its values may be. */
export interface MockColumn extends ColumnType {
  /** Table of the rows that it refers to. Default: it refers to none. */
  readonly refers?: string | undefined;
  /** True if a row that it refers to may go, and then goes from the column too. */
  readonly isWeak: boolean;
  /** Texts that are allowed. Default: all. */
  readonly allowed?: readonly string[] | undefined;
  /** Smallest and largest number. Default: any. */
  readonly range?: readonly [number, number] | undefined;
}

/** A table of the mock. */
export interface MockTable {
  readonly name: string;
  /** True if its rows stay without a reference to them. */
  readonly isRoot: boolean;
  readonly maxRows: number;
  /** Column whose values no two rows share. Default: none. */
  readonly index?: string | undefined;
  readonly columns: ReadonlyMap<string, MockColumn>;
}

const NAME = 'OVN_Northbound';
const VERSION = '7.0.0';

const UUID: MockColumn = { key: 'uuid', min: 1, max: 1, isWeak: false };

function tableOf(name: string, kind: string, columns: Readonly<Record<string, string>>): MockTable {
  const own = Object.entries(columns).map(([column, text]) => [column, columnOf(text)] as const);
  const [, maxRows = 'Infinity'] = /max (\d+)/.exec(kind) ?? [];
  return {
    name,
    isRoot: kind.startsWith('root'),
    maxRows: Number(maxRows),
    index: /index (\w+)/.exec(kind)?.[1],
    columns: new Map([...own, ['_uuid', UUID], ['_version', UUID]]),
  };
}

const FORM = /^(integer|boolean|string|uuid)(?::(integer|string))?([?*+]?)(?: (.*))?$/;

function columnOf(text: string): MockColumn {
  const [, key = 'string', value, many = '', rest] = FORM.exec(text) ?? [];
  const isMap = value !== undefined;
  return {
    key: baseOf(key),
    value: isMap ? baseOf(value) : undefined,
    min: isMap || many === '?' || many === '*' ? 0 : 1,
    max: isMap || many === '*' || many === '+' ? Number.POSITIVE_INFINITY : 1,
    isWeak: rest?.endsWith(' weak') ?? false,
    ...limitsOf(key, rest),
  };
}

const BASES: readonly BaseType[] = ['integer', 'boolean', 'string', 'uuid'];

const baseOf = (name: string): BaseType => BASES.find((base) => base === name) ?? 'string';

function limitsOf(key: string, rest: string | undefined): Pick<MockColumn, 'refers' | 'allowed' | 'range'> {
  if (rest === undefined) return {};
  if (key === 'uuid') return { refers: rest.split(' ')[0] };
  if (key === 'string') return { allowed: rest.split(',') };
  const [from = '', to = ''] = rest.split('..');
  return { range: [Number(from), Number(to)] };
}

/** The tables of the mock's northbound database. */
export const TABLES: ReadonlyMap<string, MockTable> = /* @__PURE__ */ new Map(
  Object.entries(NORTHBOUND).map(([name, { kind, columns }]) => [name, tableOf(name, kind, columns)]),
);

/** The answer to `get_schema`. */
export const schemaJson = (): Json => ({
  name: NAME,
  version: VERSION,
  tables: Object.fromEntries([...TABLES].map(([name, table]) => [name, tableJson(table)])),
});

const tableJson = ({ columns, isRoot }: MockTable): Json => ({
  isRoot,
  columns: Object.fromEntries(
    [...columns].filter(([name]) => !name.startsWith('_')).map(([name, column]) => [name, { type: typeJson(column) }]),
  ),
});

const typeJson = ({ key, value, min, max, refers, isWeak }: MockColumn): Json => ({
  key: refers === undefined ? key : { type: key, refTable: refers, refType: isWeak ? 'weak' : 'strong' },
  ...(value === undefined ? {} : { value }),
  min,
  max: max === Number.POSITIVE_INFINITY ? 'unlimited' : max,
});
