import type { ConstraintCheck } from '../model/discrepancy.ts';
import type { ConstraintSubject } from './constraint-subject.ts';

/** The columns that rows are matched by must be unique in the target: a valid primary key or unique index on exactly them. */
export async function checkKey({ target, table, oid }: ConstraintSubject): Promise<ConstraintCheck[]> {
  if (table.key.length === 0) return [];
  const columns = table.key.map((position) => table.columns[position]?.to ?? '');
  const { rows } = await target.query(
    `SELECT c.relname AS name, i.indisprimary AS primary
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE i.indrelid = $1::oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
        AND (SELECT array_agg(a.attname::text ORDER BY a.attname::text) FROM pg_attribute a
              WHERE a.attrelid = i.indrelid AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]))
          = (SELECT array_agg(name ORDER BY name) FROM unnest($2::text[]) AS name)
      ORDER BY i.indisprimary DESC LIMIT 1`,
    [oid, columns],
  );
  const index = rows[0];
  const list = columns.join(', ');
  if (index === undefined) {
    return [{ kind: 'unique', name: list, status: 'mismatch', message: `Nothing in ${table.label} keeps its key (${list}) unique.` }];
  }
  const kind = index['primary'] === true ? 'primary-key' : 'unique';
  return [
    { kind, name: String(index['name']), status: 'ok', message: `${kind === 'primary-key' ? 'Primary key' : 'Unique'} on (${list}).` },
  ];
}
