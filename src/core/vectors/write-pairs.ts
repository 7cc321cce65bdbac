import { MigrationError } from '../errors.ts';
import type { WrittenPairs } from '../model/duplicates.ts';
import { quoteIdentifier, quoteList } from '../sql/quote.ts';
import { quoteTable } from '../sql/table-name.ts';
import type { TargetSession } from '../target/target.ts';
import { numberedTable, pairTable } from './duplicate-query.ts';
import type { PairColumn, PairTable, PairTableWish } from './fit-pair-table.ts';

/** Whether the table is there. Throws `pair-table-unfit` for a view or another relation that is no table. */
export async function isPairTableThere(session: TargetSession, { schema, table }: PairTableWish): Promise<boolean> {
  const found = await session.query(
    `SELECT relation.relkind AS kind FROM pg_catalog.pg_class AS relation
JOIN pg_catalog.pg_namespace AS home ON home.oid = relation.relnamespace
WHERE home.nspname = $1 AND relation.relname = $2`,
    [schema, table],
  );
  const kind = found.rows[0]?.['kind'];
  if (kind === undefined) return false;
  if (kind === 'r' || kind === 'p') return true;
  throw new MigrationError('pair-table-unfit', {
    context: { table: `${schema}.${table}`, detail: 'it is no table', hint: 'Name a table, or a name that is not taken.' },
  });
}

/** Others go on reading it. */
export async function lockPairTable(session: TargetSession, table: PairTableWish): Promise<void> {
  await session.query(`LOCK TABLE ${quoteTable(table)} IN SHARE ROW EXCLUSIVE MODE`);
}

/**
 * Makes the table when it is missing, and writes what is new or changed of the pairs found by this transaction; with `keep` only what is new. Other rows stay
 * as they are.
 */
export async function writePairs(session: TargetSession, table: PairTable): Promise<WrittenPairs> {
  if (!table.there) await session.query(createStatement(table));
  const updated = table.keep ? 0 : (await session.query(updateStatement(table))).rowCount;
  const inserted = (await session.query(insertStatement(table))).rowCount;
  const counted = (await session.query(countQuery(table))).rows[0];
  return {
    table: `${table.schema}.${table.table}`,
    columns: columnsOf(table).map(({ name }) => name),
    created: !table.there,
    inserted,
    updated,
    unchanged: Number(counted?.['pairs']) - updated - inserted,
    others: Number(counted?.['others']),
  };
}

/** What `writePairs` does, to be read before it is done. */
export function describeWriting(table: PairTable): string {
  const statements = [
    ...(table.there ? [] : [createStatement(table)]),
    ...(table.keep ? [] : [updateStatement(table)]),
    insertStatement(table),
  ];
  const note = `-- ${pairTable} holds the pairs that a search finds, ${numberedTable} the rows, numbered`;
  return `${[note, ...statements.map((statement) => `${statement};`)].join('\n\n')}\n`;
}

function createStatement(table: PairTable): string {
  const columns = columnsOf(table).map(({ name, type }) => `  ${quoteIdentifier(name)} ${type} NOT NULL`);
  const key = quoteList([...table.a, ...table.b].map(({ name }) => name));
  return `CREATE TABLE ${quoteTable(table)} (\n${[...columns, `  PRIMARY KEY (${key})`].join(',\n')}\n)`;
}

function updateStatement(table: PairTable): string {
  const score = quoteIdentifier(table.similarity.name);
  return `UPDATE ${quoteTable(table)} AS known SET ${score} = found.similarity
FROM ${foundPairs(table)}
WHERE ${isSame(table)} AND known.${score} IS DISTINCT FROM found.similarity`;
}

function insertStatement(table: PairTable): string {
  return `INSERT INTO ${quoteTable(table)} (${quoteList(columnsOf(table).map(({ name }) => name))})
SELECT found.* FROM ${foundPairs(table)}
WHERE NOT EXISTS (SELECT FROM ${quoteTable(table)} AS known WHERE ${isSame(table)})
ORDER BY ${[...table.a, ...table.b].map((_, i) => i + 1).join(', ')}`;
}

/** `pairs` that are in the table, each as often as it is there, and `others`. */
function countQuery(table: PairTable): string {
  return `SELECT count(*) FILTER (WHERE same.known) AS pairs, count(*) FILTER (WHERE NOT same.known) AS others
FROM (SELECT EXISTS (SELECT FROM ${foundPairs(table)} WHERE ${isSame(table)}) AS known FROM ${quoteTable(table)} AS known) AS same`;
}

/** Alias `found`: the pairs in the types of the table, so that what is compared is what is stored. */
function foundPairs({ a, b, similarity }: PairTable): string {
  const key = (side: string, columns: readonly PairColumn[], name: string): string[] =>
    columns.map(({ type }, i) => `${side}.k${i}::${type} AS ${name}${i}`);
  return `(SELECT ${[...key('first', a, 'a'), ...key('second', b, 'b')].join(', ')}, pair.similarity::${similarity.type} AS similarity
  FROM ${pairTable} AS pair JOIN ${numberedTable} AS first ON first.n = pair.a JOIN ${numberedTable} AS second ON second.n = pair.b) AS found`;
}

/** With `keep` (b, a) is the pair (a, b) as well. */
function isSame(table: PairTable): string {
  return table.keep ? `(${isAlike(table)} OR ${isAlike({ a: table.b, b: table.a })})` : isAlike(table);
}

function isAlike({ a, b }: Pick<PairTable, 'a' | 'b'>): string {
  const equal = (columns: readonly PairColumn[], name: string): string[] =>
    columns.map((column, i) => `known.${quoteIdentifier(column.name)} = found.${name}${i}`);
  return [...equal(a, 'a'), ...equal(b, 'b')].join(' AND ');
}

function columnsOf({ a, b, similarity }: PairTable): readonly PairColumn[] {
  return [...a, ...b, similarity];
}
