import { plural } from '../model/plural.ts';
import type { Hazard, Statement } from '../model/statement.ts';
import type { CompiledPlan, CompiledTable } from './compiled-plan.ts';
import type { Plan } from './plan-schema.ts';

/** A plan as a script that psql runs as it stands: structure before the rows, where the rows go in, keys and indexes after them. */
export function renderSqlScript(plan: Plan, { preData, tables, postData }: CompiledPlan): string {
  return [
    [comment(`Plan ${plan.name}: ${plural(tables.length, 'table')} with rows into schema ${plan.target.schema}.`)],
    ...(plan.options.mode === 'create' ? [] : [[comment(modeNote(plan.options.mode))]]),
    [comment('Names without a schema in the plan are looked for here.'), 'SET search_path = public;'],
    [heading('Before the rows'), ...preData.flatMap(sqlLines)],
    [heading('Rows'), ...tables.map(copied)],
    [heading('After the rows'), ...postData.flatMap(sqlLines)],
  ]
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** Statement and hazards as lines: hazards first, each a comment. */
export function sqlLines({ sql, hazards }: Pick<Statement, 'sql' | 'hazards'>): readonly string[] {
  return [...hazards.map(hazardLine), `${sql};`];
}

/** One line, whatever is in the text: a name may hold a line break, and what follows must not become a statement. */
export function comment(text: string): string {
  return `-- ${text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')}`;
}

function modeNote(mode: Plan['options']['mode']): string {
  return `Mode ${mode}: of a table that is there already, a run carries out none of this; its rows go in through a staging table.`;
}

function hazardLine(hazard: Hazard): string {
  return comment(`hazard ${hazard.code}: ${hazard.message}`);
}

function heading(title: string): string {
  return comment(`${title} ${'-'.repeat(80 - title.length)}`);
}

function copied(table: CompiledTable): string {
  return comment(`${table.label}: rows of ${table.source}.${table.from}, ${plural(table.columns.length, 'column')}`);
}
