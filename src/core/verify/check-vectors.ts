import type { ConstraintCheck } from '../model/discrepancy.ts';
import { plural } from '../model/plural.ts';
import type { ColumnConversion } from '../model/type-mapping.ts';
import { qualifiedName, quoteIdentifier } from '../sql/quote.ts';
import { quoteTable } from '../sql/table-name.ts';
import type { ConstraintSubject } from './constraint-subject.ts';

/** Vector columns have the planned number of dimensions and finite norms. Zero vectors are counted, since an index by cosine leaves them out. */
export async function checkVectors(subject: ConstraintSubject): Promise<ConstraintCheck[]> {
  const columns = subject.table.columns.filter(({ type }) => normFunctions.has(type.name) && type.arrayDepth === 0);
  const checks: ConstraintCheck[] = [];
  for (const column of columns) checks.push(await checkVector(subject, column));
  return checks;
}

const normFunctions: ReadonlyMap<string, string> = new Map([
  ['vector', 'vector_norm'],
  ['halfvec', 'l2_norm'],
]);

async function checkVector({ target, table, oid }: ConstraintSubject, column: ColumnConversion): Promise<ConstraintCheck> {
  const name = `${table.label}.${column.to}`;
  const check = (status: ConstraintCheck['status'], message: string): ConstraintCheck => ({ kind: 'vector', name, status, message });
  const planned = column.type.modifiers[0];
  const declared = await target.query('SELECT atttypmod AS dimensions FROM pg_attribute WHERE attrelid = $1::oid AND attname = $2', [
    oid,
    column.to,
  ]);
  const dimensions = Number(declared.rows[0]?.['dimensions'] ?? -1);
  if (planned !== undefined && dimensions !== planned)
    return check(
      'mismatch',
      `${name} has ${dimensions < 0 ? 'no fixed number of dimensions' : plural(dimensions, 'dimension')} instead of ${planned}.`,
    );
  const norm = `${qualifiedName(target.capabilities.vectorSchema, normFunctions.get(column.type.name) ?? '')}(${quoteIdentifier(column.to)})`;
  const { rows } = await target.query(
    `SELECT count(*)::text AS filled, count(*) FILTER (WHERE norm = 0)::text AS zero, count(*) FILTER (WHERE norm IN ('NaN', 'Infinity'))::text AS endless
       FROM (SELECT ${norm} AS norm FROM ${quoteTable(table.to)} WHERE ${quoteIdentifier(column.to)} IS NOT NULL) norms`,
  );
  const { filled, zero, endless } = rows[0] as { filled: string; zero: string; endless: string };
  if (endless !== '0')
    return check(
      'mismatch',
      `${endless} of ${plural(filled, 'vector')} in ${name} ${endless === '1' ? 'has' : 'have'} a norm that is not finite.`,
    );
  if (zero !== '0')
    return check(
      'warning',
      `${zero} of ${plural(filled, 'vector')} in ${name} ${zero === '1' ? 'is' : 'are'} zero: an index by cosine distance leaves ${zero === '1' ? 'it' : 'them'} out.`,
    );
  return check(
    'ok',
    `${plural(filled, 'vector')} in ${name}${planned === undefined ? '' : ` with ${plural(planned, 'dimension')}`}, all norms finite.`,
  );
}
