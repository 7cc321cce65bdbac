import type { ConstraintCheck } from '../model/discrepancy.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { quoteTable } from '../sql/table-name.ts';
import type { ConstraintSubject } from './constraint-subject.ts';

/** The next value of each identity must lie behind the last one that is there, and not before the one that the source would hand out. */
export async function checkIdentities(subject: ConstraintSubject): Promise<ConstraintCheck[]> {
  const checks: ConstraintCheck[] = [];
  for (const identity of subject.table.identities) checks.push(await checkIdentity(subject, identity.column, identity.next));
  return checks;
}

async function checkIdentity({ target, table }: ConstraintSubject, column: string, planned: string | null): Promise<ConstraintCheck> {
  const name = `${table.label}.${column}`;
  const found = await target.query('SELECT pg_get_serial_sequence($1, $2) AS sequence', [quoteTable(table.to), column]);
  const sequence = found.rows[0]?.['sequence'];
  const isOurs = table.existing === undefined;
  if (typeof sequence !== 'string')
    return {
      kind: 'sequence',
      name,
      status: isOurs ? 'mismatch' : 'warning',
      message: `${name} should number its rows and has no sequence.`,
    };
  // pg_get_serial_sequence quotes the name itself, for use in a statement.
  const { rows } = await target.query(
    `SELECT (CASE WHEN s.is_called THEN s.last_value::numeric + p.seqincrement ELSE s.last_value END)::text AS next, p.seqmax::text AS most,
            (SELECT max(${quoteIdentifier(column)})::text FROM ${quoteTable(table.to)}) AS greatest
       FROM ${sequence} s, pg_sequence p WHERE p.seqrelid = $1::regclass`,
    [sequence],
  );
  const next = BigInt(String(rows[0]?.['next']));
  const greatest = rows[0]?.['greatest'];
  const message = `The next value of ${name} is ${next}`;
  if (typeof greatest === 'string' && next <= BigInt(greatest))
    return { kind: 'sequence', name, status: 'mismatch', message: `${message}, but ${greatest} is there already.` };
  if (isOurs && planned !== null && next < BigInt(planned))
    return { kind: 'sequence', name, status: 'mismatch', message: `${message}; the source would continue with ${planned}.` };
  if (next > BigInt(String(rows[0]?.['most'])))
    return { kind: 'sequence', name, status: 'warning', message: `${name} cannot number new rows: the largest number is taken.` };
  return { kind: 'sequence', name, status: 'ok', message: `${message}.` };
}
