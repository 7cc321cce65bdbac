import { MigrationError } from '../../errors.ts';
import type { CompiledTable } from '../../plan/compiled-plan.ts';
import { withComputed } from '../../plan/with-computed.ts';
import type { Target } from '../../target/target.ts';
import type { EqualRowsRequest } from '../browse-requests.ts';
import { findVerifySubject, type VerifySubject } from '../verify-subject.ts';

export interface ComparedTable {
  readonly subject: VerifySubject;
  readonly table: CompiledTable;
}

/** The table that a request to compare names, in the plan that it is verified by. Throws `bad-usage` with the plan's tables when it is none. */
export async function findComparedTable(
  request: Omit<EqualRowsRequest, 'after' | 'before' | 'limit'>,
  target: Target,
): Promise<ComparedTable> {
  const subject = await findVerifySubject(request, target);
  const { tables } = subject.effective.compiled;
  const name = request.table;
  const found =
    tables.find(({ label }) => label === name) ?? tables.find(({ to }) => to.table === name) ?? tables.find(({ from }) => from === name);
  if (found === undefined) {
    throw new MigrationError('bad-usage', {
      context: { detail: `"${name}" is not a table of this plan`, hint: `Its tables are: ${tables.map(({ to }) => to.table).join(', ')}.` },
    });
  }
  return { subject, table: withComputed(found) };
}
