import fc from 'fast-check';
import type { PlanInput, PlanOptions } from '../../src/core/plan/plan-schema.ts';
import { checkForms, generatedForms, indexForms, quote } from './random-expressions.ts';
import { randomValue, type Kind } from './random-values.ts';

/** A random SQLite store as data, so that fast-check can make it smaller, with the options it is planned with. */
export interface RandomStore {
  readonly tables: readonly RandomTable[];
  readonly options: Pick<PlanOptions, 'identifiers' | 'emptyText' | 'nulBytes' | 'invalidText' | 'timestamps'>;
  /** What a person writes into the plan, which then turns values away: a type, texts that stand for NULL, rules for values of several kinds. */
  readonly forced: readonly { readonly column: number; readonly type: string; readonly tokens: boolean; readonly rules: boolean }[];
  /** Texts of a full-text table beside the tables. */
  readonly fullText: { readonly module: 'fts4' | 'fts5'; readonly texts: readonly string[] } | null;
  /** The store is written once more into the tables that its first run made. */
  readonly again: 'append' | 'upsert' | 'replace' | null;
}

export interface RandomTable {
  readonly name: string;
  readonly key: 'none' | 'rowid' | 'autoincrement' | 'column' | 'composite';
  readonly withoutRowid: boolean;
  readonly strict: boolean;
  readonly columns: readonly RandomColumn[];
  /** Values as SQL, in the order of the columns. */
  readonly rows: readonly (readonly string[])[];
  /** Good rows beside them. */
  readonly good: 0 | 150 | 500;
  readonly indexes: readonly RandomIndex[];
  /** Columns of a UNIQUE constraint of the table. */
  readonly unique: readonly number[] | null;
  readonly checks: readonly RandomCheck[];
  /** The table that is so many places on, round about; null = no foreign key. 0 is the table itself. */
  readonly refers: number | null;
  readonly action: string;
  readonly generated: { readonly form: keyof typeof generatedForms; readonly kind: 'VIRTUAL' | 'STORED' } | null;
}

export interface RandomCheck {
  readonly columns: readonly [number, number];
  readonly form: keyof typeof checkForms;
}

export interface RandomColumn {
  readonly name: string;
  readonly declared: string;
  readonly kind: Kind;
  readonly rule:
    | ''
    | ' NOT NULL'
    | ' UNIQUE'
    | ' COLLATE NOCASE'
    | ' COLLATE NOCASE UNIQUE'
    | ' COLLATE RTRIM'
    | ' DEFAULT 5'
    | " DEFAULT 'x'"
    | ' DEFAULT CURRENT_TIMESTAMP'
    | ' DEFAULT (1 + 2)';
}

export interface RandomIndex {
  readonly columns: readonly number[];
  readonly form: keyof typeof indexForms;
}

/** Names that need quotes, are words of SQL, are too long for PostgreSQL, or mean something to one of the databases. */
const long = 'a_name_that_is_much_longer_than_the_sixty_three_bytes_of_postgresql';
const names = fc.constantFrom(
  ...[
    'a',
    'B',
    'value',
    'order',
    'Select',
    'user',
    'group',
    'With Space',
    'ünïcödé',
    'say "hi"',
    "it's",
    'a.b',
    '日本語',
    '🎈',
    'tab\there',
  ],
  ...[`${long}_1`, `${long}_2`, 'rowid', 'oid', 'ctid', 'xmin', '1st', '%s', 'back\\slash', '$1', 'null', 'CamelCase', 'é'.repeat(40)],
);

/** Declared types beside the kind of value that they promise. */
const declarations: readonly (readonly [Kind, readonly string[]])[] = [
  ['integer', ['INTEGER', 'INT', 'BIGINT', 'SMALLINT', 'UNSIGNED BIG INT', 'int(5)', 'TINYINT', '']],
  ['real', ['REAL', 'DOUBLE PRECISION', 'FLOAT', 'double', '']],
  ['decimal', ['DECIMAL(10,2)', 'NUMERIC', 'NUMERIC(5)', 'MONEY', 'DECIMAL(4, 4)']],
  ['text', ['TEXT', 'VARCHAR(10)', 'CLOB', 'CHAR(3)', 'STRING', 'fancy type', '', 'ANY']],
  ['blob', ['BLOB', 'BINARY', '', 'LONGBLOB']],
  ['flag', ['BOOLEAN', 'BOOL', 'BIT']],
  ['date', ['DATE', 'TEXT']],
  ['time', ['TIME', 'TEXT']],
  ['datetime', ['DATETIME', 'TIMESTAMP', 'TIMESTAMPTZ', 'TEXT']],
  ['epoch-s', ['DATETIME', 'TIMESTAMP', 'INTEGER']],
  ['epoch-ms', ['DATETIME', 'TIMESTAMP', 'DATE']],
  ['julian', ['DATETIME', 'REAL']],
  ['json', ['JSON', 'TEXT', 'JSONB']],
  ['uuid', ['UUID', 'GUID', 'TEXT']],
  ['vector', ['F32_BLOB(3)', 'BLOB', 'VECTOR(3)', 'TEXT']],
];
export const strictTypes: Readonly<Partial<Record<Kind, string>>> = { integer: 'INTEGER', real: 'REAL', text: 'TEXT', blob: 'BLOB' };

const column: fc.Arbitrary<RandomColumn> = fc.constantFrom(...declarations).chain(([kind, declared]) =>
  fc.record({
    name: names,
    declared: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...declared) }, { weight: 1, arbitrary: anyDeclaration() }),
    kind: fc.constant(kind),
    rule: fc.oneof(
      { weight: 4, arbitrary: fc.constant('' as const) },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          ' NOT NULL' as const,
          ' UNIQUE' as const,
          ' COLLATE NOCASE' as const,
          ' COLLATE NOCASE UNIQUE' as const,
          ' COLLATE RTRIM' as const,
          ' DEFAULT 5' as const,
          " DEFAULT 'x'" as const,
          ' DEFAULT CURRENT_TIMESTAMP' as const,
          ' DEFAULT (1 + 2)' as const,
        ),
      },
    ),
  }),
);

const table: fc.Arbitrary<RandomTable> = fc
  .uniqueArray(column, { minLength: 1, maxLength: 5, selector: ({ name }) => name.toLowerCase() })
  .chain((columns) =>
    fc.record({
      name: names,
      key: fc.constantFrom('rowid' as const, 'none' as const, 'autoincrement' as const, 'column' as const, 'composite' as const),
      withoutRowid: fc.boolean(),
      strict: fc.nat({ max: 5 }).map((dice) => dice === 5),
      columns: fc.constant(columns),
      rows: fc.array(fc.tuple(...columns.map(({ kind }) => randomValue(kind))), { maxLength: 8 }),
      good: fc.constantFrom(0 as const, 150 as const, 500 as const),
      indexes: fc.array(randomIndex(columns.length), { maxLength: 2 }),
      unique: fc.option(fc.uniqueArray(fc.nat({ max: columns.length - 1 }), { minLength: 1, maxLength: 2 }), { freq: 1 }),
      checks: fc.array(randomCheck(columns.length), { maxLength: 2 }),
      refers: fc.option(fc.nat({ max: 2 }), { freq: 2 }),
      action: fc.constantFrom('', ' ON DELETE CASCADE', ' ON UPDATE SET NULL', ' DEFERRABLE INITIALLY DEFERRED'),
      generated: fc.option(
        fc.record({ form: fc.constantFrom(...namesOf(generatedForms)), kind: fc.constantFrom('VIRTUAL' as const, 'STORED' as const) }),
        { freq: 1 },
      ),
    }),
  );

const forcedTypes = [
  ...[
    'smallint',
    'integer',
    'bigint',
    'double precision',
    'numeric',
    'numeric(8,2)',
    'boolean',
    'text',
    'varchar(4)',
    'bytea',
    'uuid',
    'date',
    'time',
  ],
  ...['timestamp', 'timestamptz', 'jsonb', 'vector(3)'],
];

export const randomStore: fc.Arbitrary<RandomStore> = fc.record({
  tables: fc.uniqueArray(table, { minLength: 1, maxLength: 3, selector: ({ name }) => name.toLowerCase() }),
  options: fc.record({
    identifiers: fc.constantFrom('preserve' as const, 'preserve' as const, 'lower' as const, 'snake' as const),
    emptyText: fc.constantFrom('null' as const, 'keep' as const),
    nulBytes: fc.constantFrom('reject' as const, 'strip' as const, 'replace' as const, 'bytea' as const),
    invalidText: fc.constantFrom('reject' as const, 'latin1' as const, 'replace' as const, 'bytea' as const),
    timestamps: fc.constantFrom('timestamptz' as const, 'timestamp' as const),
  }),
  forced: fc.array(
    fc.record({ column: fc.nat({ max: 20 }), type: fc.constantFrom(...forcedTypes), tokens: fc.boolean(), rules: fc.boolean() }),
    { maxLength: 2 },
  ),
  fullText: sometimes(
    5,
    fc.record({ module: fc.constantFrom('fts4' as const, 'fts5' as const), texts: fc.array(randomValue('text'), { maxLength: 4 }) }),
  ),
  again: sometimes(3, fc.constantFrom('append' as const, 'upsert' as const, 'replace' as const)),
});

/** Texts that stand for NULL in a plan. */
const nullTokens: readonly string[] = ['', '007', 'NaN', 'abc', 'word 3', '2024-01-02'];
/** Rules for moments that are written in several ways. */
const momentRules = [
  { when: 'integer' as const, min: 1e11, convert: 'epoch-ms' },
  { when: 'integer' as const, min: 0, convert: 'epoch-s' },
  { when: 'text' as const },
];

/** Lays the forced types over columns that no key, index or default needs as they are. */
export function forceTypes(plan: PlanInput, { forced }: RandomStore): void {
  const free = plan.tables.flatMap((table) => {
    const used = JSON.stringify([
      table.primaryKey,
      table.uniques,
      table.foreignKeys,
      table.indexes,
      table.checks,
      table.fullText,
      table.columns?.map(({ generated }) => generated),
      plan.tables.map(({ foreignKeys }) => foreignKeys),
    ]);
    return (table.columns ?? []).filter(
      (column) => column.identity !== true && (column.generated ?? null) === null && !isNamed(column.to, used),
    );
  });
  for (const { column, type, tokens, rules } of forced) {
    const own = free[column % Math.max(1, free.length)];
    const convert = rules && ['date', 'timestamp', 'timestamptz'].includes(type) ? momentRules : null;
    if (own !== undefined)
      Object.assign(own, { type, convert, nullTokens: tokens ? nullTokens : null, loss: 'exact', accept: false, default: null });
  }
}

/** As a name in JSON, or quoted in SQL that stands in JSON. */
function isNamed(name: string, json: string): boolean {
  return [name, quote(name)].some((form) => json.includes(JSON.stringify(form).slice(1, -1)));
}

function anyDeclaration(): fc.Arbitrary<string> {
  return fc.constantFrom(...declarations.flatMap(([, declared]) => declared));
}

function randomIndex(columns: number): fc.Arbitrary<RandomIndex> {
  return fc.record({
    columns: fc.uniqueArray(fc.nat({ max: columns - 1 }), { minLength: 1, maxLength: 2 }),
    form: fc.constantFrom(...namesOf(indexForms)),
  });
}

function randomCheck(columns: number): fc.Arbitrary<RandomCheck> {
  const column = fc.nat({ max: columns - 1 });
  return fc.record({ columns: fc.tuple(column, column), form: fc.constantFrom(...namesOf(checkForms)) });
}

/** null in `rest` of `rest + 1` stores. */
function sometimes<T>(rest: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: rest, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

function namesOf<T extends object>(forms: T): readonly (keyof T)[] {
  return Object.keys(forms) as (keyof T)[];
}
