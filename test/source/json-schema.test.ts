import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { documentSchemas } from '../../scripts/json-schema/documents.js';
import { type Issue, LibvirtError } from '../../src/errors/index.js';
import { FilterBinding, GuestNic, HostBridge, Network, NwFilter } from '../../src/index.js';
import type { AnyTable } from '../../src/schema/element.js';
import type { NicParts } from '../../src/schema/guests/nic.js';
import { NIC_TABLES } from '../../src/schema/guests/nic-tables.js';
import { networkTable } from '../../src/schema/network/network.js';
import { networkPortTable } from '../../src/schema/networkport.js';
import { filterBindingTable } from '../../src/schema/nwfilter/binding.js';
import { filterTable } from '../../src/schema/nwfilter/filter.js';
import { checkCompanion } from '../../src/schema/small-formats/format.js';
import { networkPortFormat } from '../../src/schema/small-formats/networkport.js';
import { filterText } from '../guests/filter-texts.js';
import { documentOf } from '../support/arbitrary.js';
import { randomBridge } from '../support/bridges.js';
import { networkOf } from '../support/networks.js';
import { goodNicText } from '../support/nic-texts.js';
import { announce, type Random, runs, seed } from '../support/random.js';
import { withAnyFault, withShapeFault } from './shape-faults.js';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const schemas = documentSchemas();
const validators = new Map([...schemas].map(([name, schema]) => [name, ajv.compile(schema)]));

/** What is wrong with a document by its schema; nothing where it is right. */
function refusal(name: string, document: unknown): string | undefined {
  const validate = validators.get(name);
  if (validate === undefined) throw new Error(`there is no schema ${name}`);
  return validate(plain(document)) ? undefined : ajv.errorsText(validate.errors);
}

/** Data as a file holds it: documents of readers have objects without a prototype. */
const plain = (document: unknown) => JSON.parse(JSON.stringify(document));

/** The errors that the library finds. */
function errorsOf(issues: () => readonly Issue[]): readonly Issue[] {
  try {
    return issues().filter(({ severity }) => severity === 'error');
  } catch (error) {
    // A type of a NIC that is none, or a document that is not an object.
    if (!LibvirtError.is(error)) throw error;
    return [{ code: 'PROPERTY_INVALID', severity: 'error', phase: 'parse', path: '', message: error.message }];
  }
}

/** A format of documents: what makes them, and what the library says of them. */
interface Format {
  readonly valid: (random: Random) => object;
  readonly table: (document: object) => AnyTable;
  readonly issues: (document: unknown) => readonly Issue[];
}

const nicIssues = (document: unknown) => GuestNic.from(plain(document)).validate();
const filterIssues = (document: unknown) => NwFilter.from(plain(document)).validate();
const bindingIssues = (document: unknown) => FilterBinding.from(plain(document)).validate();

/** Makes documents until one has no errors. */
function faultless(make: () => object, issues: Format['issues']): object {
  for (let tries = 0; tries < 1000; tries++) {
    const document = make();
    if (errorsOf(() => issues(document)).length === 0) return document;
  }
  throw new Error('every document has errors');
}

const BINDING = {
  owner: { name: 'web', uuid: '0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9' },
  portdev: { name: 'vnet0' },
  mac: { address: '52:54:00:00:00:01' },
  filterref: { filter: 'clean-traffic', parameters: [{ name: 'IP', value: '10.0.0.5' }] },
};

const PORT = {
  uuid: '0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9',
  owner: { name: 'web', uuid: '4b5a2d3c-4b5a-4978-8695-a4b3c2d1e0f9' },
  mac: { address: '52:54:00:00:00:01' },
  vlan: { trunk: true, tags: [{ id: 5, nativeMode: 'untagged' }, { id: 6 }] },
  virtualport: { type: 'openvswitch', parameters: { profileid: 'x' } },
  bandwidth: { inbound: { average: 5 } },
  rxfilters: { trustGuest: true },
  plug: { type: 'bridge', bridge: 'virbr0', macTableManager: 'kernel' },
};

/** libvirt passes over the driver of a card that is not virtio; the schema does not. */
const lookedAt = (nic: NicParts & { readonly driver?: object }): object => {
  const { driver: _, ...others } = nic;
  return nic.model?.type === 'virtio' ? nic : others;
};

/** The schemas look at all parts, also at those that libvirt passes over in documents of some types. */
const looksAt = () => true;

const FORMATS: Readonly<Record<string, Format>> = {
  network: {
    valid: networkOf,
    table: () => networkTable,
    issues: (document) => Network.from(plain(document)).validate(),
  },
  nic: {
    valid: (random) => faultless(() => lookedAt(GuestNic.parse(goodNicText(random)).document), nicIssues),
    table: (document) => NIC_TABLES[GuestNic.from(plain(document)).kind],
    issues: nicIssues,
  },
  filter: {
    valid: (random) =>
      faultless(() => {
        try {
          return NwFilter.parse(filterText(random, 1)).document;
        } catch {
          return { name: 'a', entries: [{}] };
        }
      }, filterIssues),
    table: () => filterTable,
    issues: filterIssues,
  },
  'filter-binding': { valid: () => BINDING, table: () => filterBindingTable, issues: bindingIssues },
  'network-port': {
    valid: () => PORT,
    table: () => networkPortTable,
    issues: (document) => checkCompanion({ ...networkPortFormat, looksAt }, plain(document), {}),
  },
};

it.each(Object.entries(FORMATS))('the schema %s takes a document that names it', (name, { valid, issues }) => {
  const document = { $schema: `./${name}.json`, ...valid(announce(name, 1)) };
  expect(refusal(name, document)).toBeUndefined();
  expect(refusal(name, { ...document, $schema: 5 })).toBeDefined();
  if (name !== 'network-port') expect(errorsOf(() => issues(document))).toEqual([]);
});

it('the schema host-bridge takes a document that names it', () => {
  const document = { $schema: './host-bridge.json', name: 'br0' };
  expect(refusal('host-bridge', document)).toBeUndefined();
  expect(HostBridge.from(document).document).toEqual({ name: 'br0' });
});

describe.each(Object.entries(FORMATS))('the schema %s', (name, { valid, table, issues }) => {
  it('accepts and refuses what the library does, by the shape of documents', () => {
    const count = runs(2000, 40);
    const random = announce(`shapes of ${name}`, count);
    const verdicts = { accepted: 0, refused: 0 };
    for (let i = 0; i < count; i++) {
      const base = valid(random);
      const document = withShapeFault(random, base, table(base));
      const errors = errorsOf(() => issues(document));
      const refused = refusal(name, document);
      expect(refused === undefined, `${refused}\n${JSON.stringify(errors)}\n${JSON.stringify(document)}`).toBe(
        errors.length === 0,
      );
      verdicts[refused === undefined ? 'accepted' : 'refused']++;
    }
    console.log(name, verdicts);
    expect(verdicts.accepted).toBeGreaterThan(count / 10);
    expect(verdicts.refused).toBeGreaterThan(count / 3);
  });
});

describe('the schema of bridges of hosts', () => {
  it('accepts and refuses what the library does, by the shape of documents', () => {
    const count = runs(2000, 40);
    const random = announce('shapes of bridges', count);
    for (let i = 0; i < count; i++) {
      const document = withAnyFault(random, randomBridge(random).document);
      const errors = errorsOf(() => HostBridge.from(plain(document)).validate());
      const refused = refusal('host-bridge', document);
      const isRefused = errors.some(({ code }) => code.startsWith('HB_PROPERTY'));
      expect(refused !== undefined, `${refused}\n${JSON.stringify(errors)}\n${JSON.stringify(document)}`).toBe(
        isRefused,
      );
    }
  });
});

describe('the schemas accept all documents in which every field is valid', () => {
  const tables: readonly (readonly [name: string, table: AnyTable])[] = [
    ['network', networkTable],
    ['filter-binding', filterBindingTable],
    ['network-port', networkPortTable],
    ...Object.entries(NIC_TABLES).flatMap(([kind, table]) => (kind === 'other' ? [] : [['nic', table] as const])),
  ];

  it.each(tables)('%s', (name, table) => {
    for (const document of fc.sample(documentOf(table), { numRuns: runs(100), seed }))
      expect(refusal(name, document), JSON.stringify(document)).toBeUndefined();
  });
});

it('an empty text stands for a word that is absent, and for nothing that is required', () => {
  expect(refusal('network', { name: 'lab', bridge: { macTableManager: '' } })).toBeUndefined();
  expect(refusal('network', { name: '' })).toBe('data/name must NOT have fewer than 1 characters');
});

it('the schemas have identities that stay, and say what properties mean', () => {
  for (const [name, schema] of schemas) expect(schema.$id).toBe(`urn:libvirt-network:schema:${name}`);
  expect(schemas.get('network')?.$defs?.['Ip']?.properties?.['netmask']).toEqual({
    type: 'string',
    description: "IPv4 only; not together with 'prefix'.",
  });
  const bridge = schemas.get('host-bridge')?.$defs?.['HostBridgeDocument'];
  expect(bridge?.properties?.['ageingTime']?.description).toMatch(/^Seconds after which/);
});

it('the guide shows a file of an editor that its schema accepts, and one with a slip that it refuses', () => {
  const page = readFileSync(new URL('../../docs/source.md', import.meta.url), 'utf8');
  const [, name = '', text = ''] = /<!-- schema: (\S+) -->\n```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  expect(refusal(name, parse(text))).toBeUndefined();
  expect(refusal(name, parse(text.replace('mode: nat', 'mode: nta')))).toMatch(
    /^data\/forward\/mode must be equal to one/,
  );
});
