import assert from 'node:assert/strict';
import { quoteIdentifier } from '../../src/core/sql/quote.ts';
import type { PlanInput } from '../../src/core/plan/plan-schema.ts';
import type { CaseRun } from './case-setting.ts';
import type { ExpectedGraph } from './jac-fixtures.ts';

type Table = PlanInput['tables'][number];
type Column = NonNullable<Table['columns']>[number];

/** Compares what is in the target with the graph as the Jac runtime itself loaded it: every node, edge and field. Gives how many of each. */
export async function compareGraph(run: CaseRun, expected: ExpectedGraph): Promise<Compared> {
  const nodes = await rowsOf(run, 'node');
  const edges = await rowsOf(run, 'edge');
  const compared = { nodes: 0, edges: 0, fields: 0 };
  for (const node of expected.nodes) {
    const row = rowNamed(nodes, node.id, node.type);
    assert.deepEqual([row.cells.get('root_id'), parsed(row.cells.get('access'))?.['all'] ?? null], [node.root, node.access_all], node.id);
    compared.nodes++;
    compared.fields += compareFields(row, node.fields);
  }
  for (const edge of expected.edges) {
    const row = rowNamed(edges, edge.id, edge.type);
    const { cells } = row;
    assert.deepEqual(
      [cells.get('source_id'), cells.get('target_id'), cells.get('is_undirected')],
      [edge.source, edge.target, String(edge.is_undirected)],
      edge.id,
    );
    compared.edges++;
    compared.fields += compareFields(row, edge.fields);
  }
  // The runtime walks from one root; what it cannot reach are roots of other users.
  const reached = new Set(expected.nodes.map(({ id }) => id));
  assert.deepEqual(
    [...nodes].filter(([id, { className }]) => !reached.has(id) && className !== 'Root'),
    [],
  );
  assert.equal(edges.size, expected.edges.length);
  return compared;
}

export interface Compared {
  readonly nodes: number;
  readonly edges: number;
  readonly fields: number;
}

interface Row {
  readonly className: string;
  readonly columns: readonly Column[];
  /** As the target shows them, by column of the target. */
  readonly cells: ReadonlyMap<string, string | null>;
}

async function rowsOf(run: CaseRun, kind: 'node' | 'edge'): Promise<ReadonlyMap<string, Row>> {
  const rows = new Map<string, Row>();
  for (const table of run.plan.tables) {
    const className = classOf(table, kind);
    const { columns = [], include = true } = table;
    if (className === null || !include) continue;
    const found = await run.query(
      `SELECT ${columns.map((column, i) => `${shown(column)} AS c${i}`).join(', ')} FROM ${run.name(String(table.to))}`,
    );
    for (const values of found) {
      const cells = new Map(columns.map(({ to }, i) => [to, values[i] as string | null]));
      rows.set(cells.get('id') ?? '', { className, columns, cells });
    }
  }
  return rows;
}

function classOf({ from }: Table, kind: 'node' | 'edge'): string | null {
  if (typeof from === 'string') return null;
  if (kind === 'node') return 'node' in from ? from.node : null;
  return 'edge' in from ? from.edge : null;
}

function rowNamed(rows: ReadonlyMap<string, Row>, id: string, className: string): Row {
  const row = rows.get(id);
  assert.ok(row !== undefined, `${id} is missing`);
  assert.equal(row.className, className);
  return row;
}

/** A cell as a text that says all of it. */
function shown({ to, type }: Column): string {
  const name = quoteIdentifier(to);
  if (type === 'timestamptz') return `to_char(${name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
  if (type === 'timestamp') return `to_char(${name}, 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
  if (type === 'interval') return `extract(epoch FROM ${name})::text`;
  return type === 'bytea' ? `encode(${name}, 'hex')` : `${name}::text`;
}

function compareFields({ columns, cells }: Row, expected: Readonly<Record<string, unknown>>): number {
  for (const [field, value] of Object.entries(expected)) {
    const column = columns.find(({ from }) => from === field || from === `fields.${field}`);
    assert.ok(column !== undefined, `${field} has no column`);
    const cell = cells.get(column.to) ?? null;
    assert.ok(isSame(cell, value, column.type), `${field} ${column.type}: ${String(cell).slice(0, 200)} is not ${inspect(value)}`);
  }
  return Object.keys(expected).length;
}

function isSame(cell: string | null, value: unknown, type: string): boolean {
  if (value === null) return cell === null;
  if (type.startsWith('vector')) return sameVector(cell, value as readonly number[]);
  if (cell === null) return false;
  const held = Object.entries(value as object);
  const [tag, inner] = typeof value === 'object' && held.length > 0 ? held[0]! : ['', undefined];
  switch (type) {
    case 'jsonb':
      return inspect(plain(parsed(cell))) === inspect(plain(value));
    case 'double precision':
      return Object.is(Number(cell), Number(plain(value)));
    case 'timestamptz':
    case 'timestamp':
      return cell === utcText(typeof value === 'string' ? value : String(inner));
    case 'interval':
      return Number(cell) === Number(inner);
    case 'boolean':
      return cell === String(value);
  }
  if (tag === '$enum') return (inner as readonly unknown[]).slice(1).map(String).includes(cell);
  return cell === String(tag.startsWith('$') ? inner : value);
}

/** A text of jsonb says what the runtime had. */
export function assertSameJson(text: string, expected: unknown): void {
  assert.equal(inspect(plain(parsed(text))), inspect(plain(expected)));
}

/** An empty list stands for no embedding; the others were rounded to 32 bits. */
function sameVector(cell: string | null, value: readonly number[]): boolean {
  if (value.length === 0) return cell === null;
  const numbers = JSON.parse(cell ?? '[]') as readonly number[];
  return numbers.length === value.length && numbers.every((number, i) => Math.fround(number) === Math.fround(Number(value[i])));
}

/** 2025-06-14T05:30:15.123456 of 2025-06-14T08:30:15.123456+03:00; a time without a zone is one of UTC. */
function utcText(text: string): string {
  const [, seconds = '', fraction = '', zone = ''] =
    /^([^.+Z]*?[^.+Z-]*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/.exec(text.replace(' ', 'T')) ?? [];
  const moment = new Date(`${seconds}${zone === '' ? 'Z' : zone}`);
  return `${moment.toISOString().slice(0, 19)}.${fraction.padEnd(6, '0')}`;
}

/** JSON with its integers as bigint. */
function parsed(text: string | null | undefined): Readonly<Record<string, unknown>> | null {
  const exact = (_key: string, value: unknown, context?: { readonly source: string }): unknown =>
    typeof value === 'number' && /^-?\d+$/.test(context?.source ?? '') ? BigInt(context!.source) : value;
  return text === null || text === undefined ? null : (JSON.parse(text, exact) as Readonly<Record<string, unknown>>);
}

/** Numbers without their tags; of a node in a field only its id. Keys in order, as jsonb has none. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const { $bigint, $enum, $float, $ref, $timedelta } = value as Readonly<Record<string, unknown>>;
  if (typeof $bigint === 'string') return BigInt($bigint);
  if (typeof $float === 'string') return { nan: NaN, inf: Infinity, '-inf': -Infinity }[$float] ?? Number($float);
  if (typeof $ref === 'string') return { $ref };
  // Of a member the file has the name or the value, and of its class no more than the name.
  if (Array.isArray($enum)) return { $enum: [String($enum[0]).split('.').at(-1), $enum[1]] };
  if ($timedelta !== undefined) return { $timedelta: Number($timedelta) };
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, plain(inner)]),
  );
}

/** Tells 1n from 1, and -0 from 0. */
function inspect(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'bigint') return `${inner}n`;
    return typeof inner === 'number' ? (Object.is(inner, -0) ? '-0' : String(inner)) : inner;
  });
}
