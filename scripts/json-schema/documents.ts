// The documents of the library, each with its type and what says its shape.
import { fileURLToPath } from 'node:url';
import { documentShape } from '../../src/host-bridge/check/document-shape.js';
import type { AnyTable } from '../../src/schema/element.js';
import { NIC_TABLES } from '../../src/schema/guests/nic-tables.js';
import { networkTable } from '../../src/schema/network/network.js';
import { networkPortTable } from '../../src/schema/networkport.js';
import { filterBindingTable } from '../../src/schema/nwfilter/binding.js';
import { filterTable } from '../../src/schema/nwfilter/filter.js';
import { byType, Definitions, described, type JsonSchema, mapValues, when } from './schema.js';
import { shapeSchema } from './shapes.js';
import { tableSchema } from './tables.js';
import { readTypes, type SourceType } from './types.js';

interface Document {
  /** Where its type is declared. */
  readonly type: readonly [file: string, name: string];
  readonly title: string;
  readonly schema: (type: SourceType, defs: Definitions) => JsonSchema;
}

const ofTable =
  (table: AnyTable): Document['schema'] =>
  (type, defs) =>
    tableSchema(table, type, defs);

/** Editors write the name of its schema into a document. */
const withSchemaName = (schema: JsonSchema): JsonSchema =>
  schema.additionalProperties === false
    ? { ...schema, properties: { $schema: { type: 'string' }, ...schema.properties } }
    : schema;

/** One of the types of NICs; a document without a type is for `user`, or of a type that is newer than this library. */
const ofNics: Document['schema'] = (type, defs) => {
  const { other, ...known } = mapValues(NIC_TABLES, (table, kind) => {
    const member = type.member('type', kind);
    return defs.refer(member.name ?? kind, table, () =>
      described(withSchemaName(tableSchema(table, member, defs)), member.prose),
    );
  });
  const schema = byType(known);
  const typeless = when({ not: { required: ['type'] } }, { anyOf: [known['user'] ?? {}, other ?? {}] });
  return { ...schema, allOf: [...(schema.allOf ?? []), typeless] };
};

const DOCUMENTS: Readonly<Record<string, Document>> = {
  network: {
    type: ['schema/network/network.ts', 'NetworkDocument'],
    title: 'A libvirt network, as Network.from takes it',
    schema: ofTable(networkTable),
  },
  nic: {
    type: ['schema/guests/nic.ts', 'NicDocument'],
    title: "A guest's NIC, as GuestNic.from takes it",
    schema: ofNics,
  },
  'host-bridge': {
    type: ['host-bridge/document.ts', 'HostBridgeDocument'],
    title: 'A bridge of a host, as HostBridge.from takes it',
    schema: (type, defs) => shapeSchema(documentShape, type, defs),
  },
  filter: {
    type: ['schema/nwfilter/filter.ts', 'FilterDocument'],
    title: "A filter of guests' traffic, as NwFilter.from takes it",
    schema: ofTable(filterTable),
  },
  'filter-binding': {
    type: ['schema/nwfilter/binding.ts', 'FilterBindingDocument'],
    title: 'A filter in force on a NIC, as FilterBinding.from takes it',
    schema: ofTable(filterBindingTable),
  },
  'network-port': {
    type: ['schema/networkport.ts', 'NetworkPort'],
    title: "The connection of a guest's NIC to a network",
    schema: ofTable(networkPortTable),
  },
};

const source = (file: string): string => fileURLToPath(new URL(`../../src/${file}`, import.meta.url));

/** The schemas of all documents, by the names of their files. */
export function documentSchemas(): ReadonlyMap<string, JsonSchema> {
  const documents = Object.entries(DOCUMENTS);
  const types = readTypes(
    documents.map(
      ([
        ,
        {
          type: [file, name],
        },
      ]) => [source(file), name],
    ),
  );
  return new Map(documents.map(([name, document], i) => [name, schemaOf(name, document, types[i])]));
}

function schemaOf(name: string, { title, schema }: Document, type: SourceType | undefined): JsonSchema {
  if (type === undefined) throw new Error(`${name} has no type`);
  const defs = new Definitions();
  const root = schema(type, defs);
  const defined = root.$ref?.replace('#/$defs/', '');
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:libvirt-network:schema:${name}`,
    title,
    ...withSchemaName(root),
    $defs: mapValues(defs.toJSON(), (one, key) => (key === defined ? withSchemaName(one) : one)),
  };
}
