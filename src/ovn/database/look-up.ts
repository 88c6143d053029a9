import { LibvirtError } from '../../errors/index.js';
import { shown } from '../../options/shown.js';
import type { ColumnType, DatabaseSchema, TableSchema } from './schema.js';

/** @throws {@link LibvirtError} code `UNSUPPORTED` for a table that the database does not have */
export function tableOf(schema: DatabaseSchema, name: string): TableSchema {
  const table = schema.tables.get(name);
  if (table !== undefined) return table;
  throw lacking(`${schema.name} ${schema.version} does not have the table ${shown(name)}`);
}

/** @throws {@link LibvirtError} code `UNSUPPORTED` for a column that the table does not have */
export function columnOf(name: string, table: TableSchema): ColumnType {
  const type = table.columns.get(name);
  if (type !== undefined) return type;
  throw lacking(`the table ${table.name} does not have the column ${shown(name)}`);
}

const lacking = (why: string): LibvirtError =>
  new LibvirtError('UNSUPPORTED', why, {
    hint: 'check the name; newer releases of the database add tables and columns',
  });
