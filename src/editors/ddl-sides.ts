import type { SchemaDiffResult } from '../core/model/schema-diff.ts';
import type { Hazard } from '../core/model/statement.ts';
import { qualifiedName } from '../core/sql/quote.ts';

/** Both sides of one table; null where the table does not exist. */
export interface DdlSides {
  readonly table: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The tables that differ (or the one that is asked for, also when it does not), with what can go wrong named at the top of the right side. */
export function ddlSides(result: SchemaDiffResult, table?: string): readonly DdlSides[] {
  const hazards = hazardsByTable(result);
  return result.tables
    .filter((entry) => (table === undefined ? entry.before !== entry.after || hazards.has(entry.table) : entry.table === table))
    .map((entry) => {
      const isEqual = entry.before === entry.after;
      // That a table is there already is no news where it is as it should be.
      const warnings = isEqual ? [] : result.warnings.filter((warning) => warning.table === entry.table);
      const named = [
        ...(hazards.get(entry.table) ?? []).map(({ message }) => remark('hazard', message)),
        ...warnings.map(({ message }) => remark('warning', message)),
      ];
      return {
        table: entry.table,
        before: entry.before === '' ? null : entry.before,
        after: entry.after === '' && named.length === 0 ? null : `${named.join('')}${entry.after}`,
      };
    });
}

/** What can go wrong and is about no table of the plan, so that it stands in no side. */
export function otherHazards(result: SchemaDiffResult): readonly string[] {
  const known = result.tables.map(({ table }) => table);
  const warnings = result.warnings.flatMap(({ message, table }) => (table === undefined ? [message] : []));
  const hazards = result.statements.flatMap(({ sql, hazards }) =>
    tableOf(sql, known) === null ? hazards.map(({ message }) => message) : [],
  );
  return [...hazards, ...warnings];
}

function remark(kind: string, message: string): string {
  return `-- ${kind}: ${message.replace(/\s*[\r\n]+\s*/g, ' ')}\n`;
}

function hazardsByTable(result: SchemaDiffResult): ReadonlyMap<string, readonly Hazard[]> {
  const known = result.tables.map(({ table }) => table);
  const found = new Map<string, Hazard[]>();
  for (const { sql, hazards } of result.statements) {
    const table = hazards.length === 0 ? null : tableOf(sql, known);
    if (table === null) continue;
    const before = found.get(table) ?? [];
    const fresh = hazards.filter(({ message }) => !before.some((hazard) => hazard.message === message));
    found.set(table, [...before, ...fresh]);
  }
  return found;
}

/** The table that a statement names first: a foreign key names the one it belongs to before the one it refers to. */
function tableOf(sql: string, labels: readonly string[]): string | null {
  const places = labels
    .map((label) => ({ label, place: sql.indexOf(quotedLabel(label)) }))
    .filter(({ place }) => place >= 0)
    .toSorted((a, b) => a.place - b.place);
  return places[0]?.label ?? null;
}

/** `schema.table` → `"schema"."table"`; names without a schema do not occur. */
function quotedLabel(label: string): string {
  const dot = label.indexOf('.');
  return qualifiedName(label.slice(0, dot), label.slice(dot + 1));
}
