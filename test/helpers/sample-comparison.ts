import type { ComparedColumn, ComparedRow, RowComparison } from '../../src/core/model/row-comparison.ts';

/** A comparison as the engine gives it: 37 rows in all, of which two differ, one is missing and one is extra. Keys are numbers as text. */
export function sampleComparison(): RowComparison {
  const rows = [
    different('1042', {
      relation_type: ['relates_to', 'supports', 'Text compares byte for byte.'],
      metadata: ['{"conf":0.92}', '{"conf": 0.95}', 'JSON compares by value, key order ignored.'],
    }),
    different('1256', { strength: ['0.4', '0.55', 'Numbers compare by value.'] }),
    whole('5430', 'missing'),
    whole('9002', 'extra'),
  ];
  return {
    table: 'public.memory_relations',
    columns,
    counts: { equal: 33, different: 2, missing: 1, extra: 1 },
    sourceRows: 36,
    targetRows: 36,
    keyed: true,
    rows,
    complete: true,
    folds: [10, 5, 0, 8, 10],
    seconds: 1.4,
  };
}

const columns: readonly ComparedColumn[] = [
  column('id', 'INTEGER', 'bigint', 'Numbers compare by value.', 0, true),
  column('relation_type', 'TEXT', 'varchar(100)', 'Text compares byte for byte.', 1),
  column('strength', 'REAL', 'numeric(5,2)', 'Numbers compare by value.', 1),
  column('metadata', 'TEXT', 'jsonb', 'JSON compares by value, key order ignored.', 1),
  column('created_at', 'INTEGER', 'timestamptz', 'Epoch milliseconds, same instant.', 0),
];

function column(name: string, declared: string, type: string, rule: string, differing: number, key = false): ComparedColumn {
  return { from: name, name, declared, type, key, rule, different: differing };
}

const sourceValues = (key: string): string[] => [key, 'supports', '0.85', '{"origin":"agent"}', '1647950409737'];
const targetValues = (key: string): string[] => [key, 'supports', '0.85', '{"origin": "agent"}', '2022-03-22 12:00:09.737+00'];

function different(key: string, cells: Readonly<Record<string, readonly [string, string, string]>>): ComparedRow {
  const source = sourceValues(key);
  const target = targetValues(key);
  for (const [name, [before, after]] of Object.entries(cells)) {
    const at = columns.findIndex((one) => one.name === name);
    source[at] = before;
    target[at] = after;
  }
  const found = Object.entries(cells).map(([name, [before, after, rule]]) => ({ name, source: before, target: after, rule }));
  return { key: [key], state: 'different', columns: found, provenance: `rowid ${key}`, source, target };
}

function whole(key: string, state: 'missing' | 'extra'): ComparedRow {
  const missing = state === 'missing';
  return {
    key: [key],
    state,
    columns: [],
    provenance: missing ? `rowid ${key}` : null,
    source: missing ? sourceValues(key) : null,
    target: missing ? null : targetValues(key),
  };
}
