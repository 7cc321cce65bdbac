import type { AggregateCheck } from '../model/discrepancy.ts';
import type { CompiledTable } from '../plan/compiled-plan.ts';
import type { Source } from '../sources/source.ts';
import type { Target } from '../target/target.ts';
import { aggregateRules, type AggregateRule } from './aggregate-rules.ts';
import { rowsOfRun } from './own-tuples.ts';
import { readColumnContent, type ColumnContent } from './column-content.ts';

export interface AggregateComparison {
  readonly source: Source;
  readonly target: Target;
  readonly table: CompiledTable;
  readonly signal: AbortSignal;
}

/**
 * Aggregates by each engine's own SQL, so that a bug of a converter shows although it is used on both sides of the other comparison. Only for tables
 * without rejects. Where two are unequal the column is read again: kinds mixed, texts read as NULL and repaired texts change aggregates by
 * design, and then the check is left out or corrected by their count.
 */
export async function compareAggregates(comparison: AggregateComparison): Promise<AggregateCheck[]> {
  const { source, target, table, signal } = comparison;
  const aggregates = await source.aggregates(
    table.from,
    table.columns.map((column) => column.from),
  );
  const rules = table.columns.flatMap((column, i) => (aggregates[i] === undefined ? [] : aggregateRules(column, aggregates[i])));
  const targets = await selectTexts(target, table, rules);
  const checks = rules.map((rule, i) => ({ rule, target: targets[i] ?? null, equal: isEqual(rule, rule.source, targets[i] ?? null) }));
  const doubtful = [...new Set(checks.filter((check) => !check.equal).map((check) => check.rule.column.from))];
  const contents = doubtful.length === 0 ? [] : await readColumnContent(source, table, doubtful, signal);
  return checks.flatMap((check) => {
    const expected = check.equal ? check.rule.source : expectedValue(check.rule, contents[doubtful.indexOf(check.rule.column.from)], table);
    if (expected === null) return [];
    const { rule } = check;
    return [
      {
        column: rule.column.to,
        aggregate: rule.aggregate,
        source: expected,
        target: check.target,
        equal: isEqual(rule, expected, check.target),
      },
    ];
  });
}

/** A SELECT takes at most 1,664 columns. */
const mostExpressions = 1_000;

async function selectTexts(target: Target, table: CompiledTable, rules: readonly AggregateRule[]): Promise<(string | null)[]> {
  const texts: (string | null)[] = [];
  for (let from = 0; from < rules.length; from += mostExpressions) {
    const piece = rules.slice(from, from + mostExpressions);
    const { rows } = await target.query(
      `SELECT ${piece.map((rule, i) => `(${rule.targetSql})::text AS a${i}`).join(', ')} FROM ${rowsOfRun(table)}`,
    );
    texts.push(...piece.map((_, i) => (rows[0]?.[`a${i}`] ?? null) as string | null));
  }
  return texts;
}

function isEqual(rule: AggregateRule, source: string, target: string | null): boolean {
  return target !== null && rule.equal(source, target);
}

/** What the source's aggregate should have been for the target; null when the two cannot be compared. */
function expectedValue(rule: AggregateRule, content: ColumnContent | undefined, table: CompiledTable): string | null {
  if (content === undefined) return null;
  const { column } = rule;
  const emptied = column.emptyIsNull && table.options.emptyText === 'null' ? content.emptyTexts : 0;
  const tokens = [...content.nullTokens];
  const tokenRows = tokens.reduce((sum, [, rows]) => sum + rows, 0);
  if (rule.aggregate === 'nulls') return String(BigInt(rule.source) + BigInt(emptied + tokenRows));
  if (rule.aggregate !== 'length' && rule.aggregate !== 'distinct') return rule.source;
  const repaired = content.textsWithNul > 0 || content.kinds.has('invalid');
  const mixed = content.kinds.size > 1 && rule.source !== null && !(onlyNumbers(content) && rule.aggregate === 'distinct');
  if (repaired || mixed) return null;
  const gone =
    rule.aggregate === 'distinct'
      ? tokens.length + (emptied > 0 ? 1 : 0)
      : tokens.reduce((sum, [token, rows]) => sum + Buffer.byteLength(token) * rows, 0);
  return gone === 0 ? rule.source : String(BigInt(rule.source) - BigInt(gone));
}

function onlyNumbers(content: ColumnContent): boolean {
  return [...content.kinds].every((kind) => kind === 'bigint' || kind === 'number');
}
