import { countEmptyAsNull } from '../../mapping/contradictions.ts';
import { readsAlike, unlikeReason } from '../../mapping/expressions/reads-alike.ts';
import { translateDefault } from '../../mapping/translate-default.ts';
import { planGenerated } from './plan-generated.ts';
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
  const generated = column.generated === null ? null : planExpression(draft, { column, profile, to, choice }, column.generated, remarks);
  const nullable = isKey ? false : choice.nullable;
  return {
    from: column.name,
    to,
    type: choice.type,
    ...(column.identity ? { identity: true } : {}),
    ...(nullable ? {} : { nullable }),
    ...(generated === null ? {} : { generated }),
    ...planDefault(draft, { column, profile, to, choice }, remarks),
    ...(choice.convert === null ? {} : { convert: choice.convert }),
    ...(choice.nullTokens.length === 0 ? {} : { nullTokens: [...choice.nullTokens] }),
    ...(choice.loss === 'exact' ? {} : { loss: choice.loss }),
    ...(choice.accept ? { accept: true } : {}),
    evidence: choice.evidence,
    ...(choice.expectedRejects === 0 ? {} : { expectedRejects: choice.expectedRejects }),
  };
}

/** null = the values are copied. */
function planExpression(
  draft: TableDraft,
  column: ColumnDraft,
  { expression, stored }: NonNullable<ColumnDraft['column']['generated']>,
  remarks: Remarks,
): string | null {
  const planned = planGenerated(draft, column);
  const { name } = column.column;
  const table = draft.table.name;
  if ('refused' in planned) {
    const message = `Column ${name} is generated (${expression}); its values are copied and PostgreSQL does not compute it: ${planned.refused}.`;
    remarks.warn('generated-as-values', message, table);
    return null;
  }
  const kind = stored ? 'stored' : 'virtual; here it is stored';
  remarks.note(`Column ${name} is generated (${expression}; ${kind}) and PostgreSQL computes it as ${planned.sql}.`, table);
  return planned.sql;
}

function planDefault(draft: TableDraft, { column, choice, profile }: ColumnDraft, remarks: Remarks): Pick<PlanColumnInput, 'default'> {
  if (column.identity || column.generated !== null) return {};
  const type = choice.mapping.type;
  // One empty text stands for all: does '' count as NULL in this column?
  const emptyIsNull = countEmptyAsNull(type, { ...profile, textEmpty: 1 }, draft.typeOptions) > 0;
  const plain = column.default === null || /^current_\w+$/i.test(column.default) || readsAlike(column.default, draft.typeOptions.dialect);
  if (!plain) {
    remarks.warn('dropped-default', `Column ${column.name}: its default ${column.default} is dropped: ${unlikeReason}.`, draft.table.name);
    return {};
  }
  const translated = translateDefault(column.default, { type: type.name, convert: choice.mapping.convert, emptyIsNull });
  if (translated.warning !== null) remarks.warn('dropped-default', `Column ${column.name}: ${translated.warning}.`, draft.table.name);
  return translated.default === null ? {} : { default: translated.default };
}
