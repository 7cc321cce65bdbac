import { nameIdentifiers, type IdentifierStyle } from '../../mapping/identifiers.ts';
import { translateCondition } from '../../mapping/expressions/translate-expression.ts';
import { readsAlike, unlikeReason } from '../../mapping/expressions/reads-alike.ts';
import { plural } from '../../model/plural.ts';
import { expressionColumns } from './expression-columns.ts';
import type { PlanTableInput } from './plan-keys.ts';
import type { Remarks } from './remarks.ts';
import type { TableDraft } from './table-draft.ts';

type PlanCheckInput = NonNullable<PlanTableInput['checks']>[number];

/** CHECK constraints that mean the same in PostgreSQL (S29); each of the others is told with the reason. */
export function planChecks(draft: TableDraft, style: IdentifierStyle, remarks: Remarks): readonly PlanCheckInput[] {
  const names = checkNames(draft, style);
  return draft.table.checks.flatMap(({ name, expression }, i) => {
    const translated = readsAlike(expression, draft.typeOptions.dialect)
      ? translateCondition(expression, expressionColumns(draft), 'check')
      : { refused: unlikeReason };
    const table = draft.table.name;
    if ('refused' in translated) {
      remarks.warn('dropped-check', `CHECK (${expression}) is not carried over: ${translated.refused}.`, table);
      return [];
    }
    if (translated.sql === 'true') {
      remarks.note(`CHECK (${expression}) is left out, because the types of the columns say so already.`, table);
      return [];
    }
    const broken = draft.profile.brokenChecks?.[i] ?? 0;
    if (broken > 0)
      remarks.warn(
        'broken-check',
        `${plural(broken, 'row breaks', 'rows break')} CHECK (${expression}); PostgreSQL will refuse ${broken === 1 ? 'it' : 'them'}.`,
        table,
      );
    const given = name === null ? undefined : names.get(name);
    // SQLite takes one name for several constraints of a table.
    if (name !== null) names.delete(name);
    // Of a sample nobody has counted; a run does, where rows may break it.
    const from = broken > 0 || draft.profile.sample !== null ? { from: expression } : {};
    const called = given === undefined ? {} : { name: given };
    const plain = given === undefined && !('from' in from);
    return [plain ? translated.sql : { ...called, expression: translated.sql, ...from }];
  });
}

function checkNames({ table }: TableDraft, style: IdentifierStyle): Map<string, string> {
  const given = [...new Set(table.checks.flatMap(({ name }) => name ?? []))];
  return new Map(nameIdentifiers(given, style).map(({ from, to }) => [from, to]));
}
