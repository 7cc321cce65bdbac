import { countEmptyAsNull } from '../../mapping/contradictions.ts';
import { translateDefault } from '../../mapping/translate-default.ts';
import type { PlanTableInput } from './plan-keys.ts';
import type { Remarks } from './remarks.ts';
import type { ColumnDraft, TableDraft } from './table-draft.ts';

export type PlanColumnInput = NonNullable<PlanTableInput['columns']>[number];

/** Columns as the plan writes them; what is said about a type or a default also becomes a warning. */
export function planColumns(draft: TableDraft, primaryKey: readonly string[], remarks: Remarks): PlanColumnInput[] {
  return draft.columns.map((column) => planColumn(draft, column, primaryKey.includes(column.to), remarks));
}

function planColumn(draft: TableDraft, { column, profile, to, choice }: ColumnDraft, isKey: boolean, remarks: Remarks): PlanColumnInput {
  for (const { code, message } of choice.warnings) remarks.warn(code, message, draft.table.name);
  if (column.generated !== null) {
    remarks.warn(
      'generated-as-values',
      `Column ${column.name} is generated (${column.generated.expression}); its values are copied and PostgreSQL does not compute it.`,
      draft.table.name,
    );
  }
  const nullable = isKey ? false : choice.nullable;
  return {
    from: column.name,
    to,
    type: choice.type,
    ...(column.identity ? { identity: true } : {}),
    ...(nullable ? {} : { nullable }),
    ...planDefault(draft, { column, profile, to, choice }, remarks),
    ...(choice.convert === null ? {} : { convert: choice.convert }),
    ...(choice.loss === 'exact' ? {} : { loss: choice.loss }),
    ...(choice.accept ? { accept: true } : {}),
    evidence: choice.evidence,
    ...(choice.expectedRejects === 0 ? {} : { expectedRejects: choice.expectedRejects }),
  };
}

function planDefault(draft: TableDraft, { column, choice, profile }: ColumnDraft, remarks: Remarks): Pick<PlanColumnInput, 'default'> {
  if (column.identity || column.generated !== null) return {};
  const type = choice.mapping.type;
  // One empty text stands for all: does '' count as NULL in this column?
  const emptyIsNull = countEmptyAsNull(type, { ...profile, textEmpty: 1 }, draft.typeOptions) > 0;
  const translated = translateDefault(column.default, { type: type.name, convert: choice.mapping.convert, emptyIsNull });
  if (translated.warning !== null) remarks.warn('dropped-default', `Column ${column.name}: ${translated.warning}.`, draft.table.name);
  return translated.default === null ? {} : { default: translated.default };
}
