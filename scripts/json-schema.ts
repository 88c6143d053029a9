// Writes the JSON Schema of each document to dist/schema, without blanks: editors read it, people rarely.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { documentSchemas } from './json-schema/documents.js';

const folder = fileURLToPath(new URL('../dist/schema/', import.meta.url));
mkdirSync(folder, { recursive: true });
for (const [name, schema] of documentSchemas()) writeFileSync(`${folder}${name}.json`, `${JSON.stringify(schema)}\n`);
