import type { PlanColumn, PlanTable, PlanTableName } from '../plan/plan-schema.ts';
import { withSourceNames } from '../plan/source-names.ts';
import { formatNumber } from './format-quantity.ts';
import { left, type ReportBlock, type ReportSection } from './report-block.ts';
import type { RunReport } from './run-report.ts';

/** What was planned, column by column, and what was done in the target. */
export function planSections(report: RunReport): ReportSection[] {
  const tables = report.plan.tables.filter((table) => table.include);
  return [
    { title: 'Type mapping', blocks: tables.map(withSourceNames).flatMap(mapping) },
    { title: 'Notes of the plan', blocks: notes(report) },
    { title: 'Created objects', blocks: createdObjects(report) },
    { title: 'SQL', blocks: sql(report) },
  ];
}

function mapping(table: PlanTable): ReportBlock[] {
  return [
    { kind: 'heading', text: `${nameOf(table.from)} → ${tableName(table.to)}` },
    {
      kind: 'table',
      columns: ['source column', 'column', 'type', 'loss', 'evidence'].map(left),
      rows: table.columns.map((column) => [
        column.from === null ? '(target only)' : nameOf(column.from),
        column.to,
        `${column.type}${column.nullable ? '' : ' not null'}${column.identity ? ' identity' : ''}${column.generated === null ? '' : ' generated'}`,
        column.loss,
        column.evidence,
      ]),
    },
  ];
}

/** What the planner changed, left out or did not understand: views and triggers with their drafts, defaults, keys, indexes. */
function notes({ plan }: RunReport): ReportBlock[] {
  if (plan.notes.length === 0) return [{ kind: 'text', text: 'None.' }];
  return [{ kind: 'list', items: plan.notes }];
}

/** A name of the source, or the JSON of what graphs need. */
function nameOf(from: PlanTable['from'] | NonNullable<PlanColumn['from']>): string {
  return typeof from === 'string' ? from : JSON.stringify(from);
}

function tableName(name: PlanTableName): string {
  return typeof name === 'string' ? name : `${name.schema}.${name.table}`;
}

function createdObjects({ createdObjects: objects }: RunReport): ReportBlock[] {
  if (objects.length === 0) return [{ kind: 'text', text: 'None.' }];
  const rows = objects.map((object) => [object.kind, [object.schema, object.table, object.name].filter((part) => part !== null).join('.')]);
  return [
    {
      kind: 'text',
      text: `${formatNumber(objects.length, 'object')}, in the order they were made; a roll-back drops them in reverse${objects.some(({ kind }) => kind === 'database') ? ', but for the database, which stays' : ''}.`,
    },
    { kind: 'table', columns: ['kind', 'name'].map(left), rows },
  ];
}

function sql({ statements }: RunReport): ReportBlock[] {
  if (statements.length === 0) return [{ kind: 'text', text: 'No statement ran.' }];
  return (['pre-data', 'data', 'post-data'] as const).flatMap((section): ReportBlock[] => {
    const texts = statements
      .filter((statement) => statement.section === section)
      .map((statement) => `${statement.sql.replace(/;\s*$/, '')};`);
    return texts.length === 0
      ? []
      : [
          { kind: 'heading', text: section },
          { kind: 'code', language: 'sql', text: texts.join('\n') },
        ];
  });
}
