import { nameIdentifiers } from '../../mapping/identifiers.ts';
import type { PlanInput } from '../plan-schema.ts';
import { plannedName, type TableDraft } from './table-draft.ts';

type PlanSequenceInput = NonNullable<PlanInput['sequences']>[number];

/**
 * Where a store has handed out higher numbers than it still holds (AUTOINCREMENT, S13) the sequence goes on behind those; all others go on behind the
 * largest number that is loaded, and need no word in the plan.
 */
export function planSequences(drafts: readonly TableDraft[], indexNames: readonly string[]): PlanSequenceInput[] {
  const ahead = drafts.flatMap((draft) => {
    const next = draft.table.nextIdentity;
    const column = draft.columns.find((candidate) => candidate.column.identity);
    if (next === null || column === undefined || next <= (column.profile.integerMax ?? 0n) + 1n) return [];
    return [{ draft, column, next }];
  });
  const names = nameIdentifiers(
    ahead.map(({ draft, column }) => `${draft.to}_${column.to}_seq`),
    'preserve',
    new Set([...drafts.map(({ to }) => to), ...indexNames]),
  );
  return ahead.map(({ draft, column, next }, i) => ({
    name: draft.toSchema === null ? (names[i]?.to as string) : { schema: draft.toSchema, table: names[i]?.to as string },
    next: String(next),
    ownedBy: { table: plannedName(draft), column: column.to },
  }));
}
