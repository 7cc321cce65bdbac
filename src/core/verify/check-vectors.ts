import type { ConstraintCheck } from '../model/discrepancy.ts';
import { plural } from '../model/plural.ts';
import type { ColumnConversion } from '../model/type-mapping.ts';
import { qualifiedName, quoteIdentifier } from '../sql/quote.ts';
import { quoteTable } from '../sql/table-name.ts';
import type { ConstraintSubject } from './constraint-subject.ts';

/**
 * Vector columns have the planned number of dimensions and finite norms. Zero vectors are counted, since an index by cosine leaves
 * them out; norms of 1 and rows without a vector are told, since the same scan knows them.
 */
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

/** As `sluice health` sees norms: float32 and half precision round. */
const unitTolerance = 1e-3;

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
    `SELECT count(norm)::text AS filled, (count(*) - count(norm))::text AS missing, count(*) FILTER (WHERE norm = 0)::text AS zero,
            count(*) FILTER (WHERE norm IN ('NaN', 'Infinity'))::text AS endless, count(*) FILTER (WHERE abs(norm - 1) <= ${unitTolerance})::text AS unit
       FROM (SELECT ${norm} AS norm FROM ${quoteTable(table.to)} OFFSET 0) norms`,
  );
  const { filled, missing, zero, endless, unit } = rows[0] as Readonly<Record<'filled' | 'missing' | 'zero' | 'endless' | 'unit', string>>;
  const rest = `${unit === '0' ? '' : `; ${unit === filled ? 'all' : unit} of norm 1`}${missing === '0' ? '' : `; ${plural(missing, 'row')} without a vector`}.`;
  if (endless !== '0')
    return check(
      'mismatch',
      `${endless} of ${plural(filled, 'vector')} in ${name} ${endless === '1' ? 'has' : 'have'} a norm that is not finite.`,
    );
  if (zero !== '0')
    return check(
      'warning',
      `${zero} of ${plural(filled, 'vector')} in ${name} ${zero === '1' ? 'is' : 'are'} zero: an index by cosine distance leaves ${zero === '1' ? 'it' : 'them'} out${rest}`,
    );
  return check(
    'ok',
    `${plural(filled, 'vector')} in ${name}${planned === undefined ? '' : ` with ${plural(planned, 'dimension')}`}, all norms finite${rest}`,
  );
}
