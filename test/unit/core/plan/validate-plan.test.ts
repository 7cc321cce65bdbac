import assert from 'node:assert/strict';
import { MigrationError } from '../../../../src/core/errors.ts';
import { readPlan } from '../../../../src/core/plan/read-plan.ts';
import { validatePlan } from '../../../../src/core/plan/validate-plan.ts';

const head = '"version": 1, "name": "x", "sources": { "main": { "kind": "sqlite", "path": "a.db" } }, "target": { "profile": "embedded" }';
const id = '{ "from": "id", "to": "id", "type": "bigint", "nullable": false }';

/** A plan of these tables. */
const tables = (...list: readonly string[]): string => `{ ${head}, "tables": [\n\n${list.join(',\n')}\n] }`;
/** A plan with one table. */
const table = (columns: readonly string[], rest = '"primaryKey": []'): string =>
  tables(`{ "source": "main", "from": "a", "to": "a", "columns": [\n${columns.join(',\n')}\n],\n${rest} }`);
const column = (text: string): string => table([`{ "from": "v", "to": "v", ${text} }`]);
const parent = `{ "source": "main", "from": "p", "to": "p", "columns": [${id}, { "from": "n", "to": "n", "type": "int" }], "primaryKey": ["id"] }`;
const withKey = (key: string, type = 'bigint'): string =>
  tables(
    parent,
    `{ "source": "main", "from": "a", "to": "a", "columns": [{ "from": "v", "to": "v", "type": "${type}" }],\n"foreignKeys": [${key}] }`,
  );
const withIndex = (type: string, index: string): string =>
  table([`{ "from": "v", "to": "v", "type": "${type}" }`], `"indexes": [${index}]`);
const withEmbed = (type: string, embed: string, key = '["id"]'): string =>
  table(
    [id, '{ "from": "v", "to": "v", "type": "text" }', `{ "from": null, "to": "e", "type": ${type} }`],
    `"primaryKey": ${key}, "embed": { "model": "m", ${embed} }`,
  );

/** `§` marks the places where problems are expected, in their order; `§§` is two at one place. */
function takeMarks(text: string): { readonly json: string; readonly places: readonly string[] } {
  const places = [...text.matchAll(/§/g)].map(({ index }) => {
    const before = text.slice(0, index).replaceAll('§', '');
    const lines = before.split('\n');
    return `${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
  });
  return { json: text.replaceAll('§', ''), places };
}

describe('validatePlan', () => {
  const broken: readonly (readonly [string, string, readonly string[]])[] = [
    // JSON itself
    ['an empty file', '§', ['error The file is empty; a plan is a JSON object.']],
    ['an open bracket', '{\n  "version": 1,\n§', ['error This is not valid JSON: property name expected.']],
    ['a missing comma', '{ "version": 1\n  §"name": "x" }', ['error This is not valid JSON: comma expected.']],
    ['a list', '§[]', ['error This must be an object.']],
    [
      'a key twice',
      `{ ${head},\n"notes": [], "tables": §[],\n§"notes": ["a"] }`,
      ['warning This plan moves no table.', 'error "notes" stands twice in this object.'],
    ],
    [
      'a number that is not kept',
      column('"type": "bigint",\n"default": { "value": §9007199254740993 }'),
      ['error This number is too large to be read exactly; write it as text, or a default as { "sql": "…" }.'],
    ],
    [
      'a watermark that the table does not have',
      table([id], `"primaryKey": ["id"], "incremental": { "by": "watermark", "column": §"gone" }`),
      ['error public.a has no column "gone".'],
    ],
    [
      'a watermark that the source does not have',
      table([id, '{ "to": "at", "type": "bigint" }'], `"primaryKey": ["id"], "incremental": { "by": "watermark", "column": §"at" }`),
      ['error "at" does not come from the source, so that no new rows can be found by it.'],
    ],
    // Shape
    [
      'missing keys',
      '§§{\n"version": 1, "name": "x",\n"target": §{} }',
      ['error "sources" is missing.', 'error "tables" is missing.', 'error "profile" is missing.'],
    ],
    ['another version', `{ ${head.replace('1', '§2')}, "tables": [] }`, ['error This must be 1.']],
    ['an unknown key', `{ ${head},\n  "tabels": §[],\n "tables": [] }`, ['error "tabels" is not a key that is known here.']],
    [
      'an unknown option',
      `{ ${head},\n"options": { "mode": §"crate" }, "tables": [] }`,
      ['error This must be "create", "append", "upsert", "replace" or "sync".'],
    ],
    ['a text for a flag', column('"type": "int",\n"nullable": §"no"'), ['error This must be a boolean.']],
    ['a number for a name', tables('{ "source": "main", "from": §3, "to": "a" }'), ['error This must be a string or an object.']],
    ['half a name', tables('{ "source": "main", "from": "a", "to": §{ "schema": "s" } }'), ['error "table" is missing.']],
    [
      'a default without sql',
      column('"type": "int",\n"default": §{ "slq": §"1" }'),
      ['error "sql" is missing.', 'error "slq" is not a key that is known here.'],
    ],
    ['an empty name', column('"type": §""'), ['error This must not be empty.']],
    // Limits and full text
    [
      'S43 more columns than PostgreSQL has',
      tables(
        `{ "source": "main", "from": "a", "to": "a", "columns": §[${Array.from({ length: 1_601 }, (_, i) => `{ "to": "c${i}", "type": "int" }`).join(', ')}] }`,
      ),
      [
        'warning public.a has 1601 columns and PostgreSQL allows 1600: split it into several tables with the same key, or leave columns out.',
      ],
    ],
    [
      'S22 full text over what is not there',
      table([id], '"fullText": { "column": §"id", "from": ["id", §"gone"] }'),
      ['error public.a has a column "id" already.', 'error public.a has no column "gone".'],
    ],
    [
      'S22 full text over what is written differently in each session',
      table(
        [id, '{ "to": "day", "type": "date" }', '{ "to": "tags", "type": "text[]" }'],
        '"fullText": { "column": "words", "from": ["id", §"day", §"tags"] }',
      ),
      [
        'error The text of a date depends on the session, so "day" cannot be searched.',
        'error The text of a text[] depends on the session, so "tags" cannot be searched.',
      ],
    ],
    // Tables
    [
      'an unknown source',
      tables('{ "source": §"mian", "from": "a", "to": "a" }'),
      ['error There is no source "mian" in this plan; it has main.'],
    ],
    [
      'a table twice',
      tables(parent, parent.replace('"to": "p"', '"to": §{ "schema": "public", "table": "p" }')),
      ['error The name public.p is taken by another table of this plan.'],
    ],
    [
      'an enum named like a table',
      `{ ${head},\n"enums": [{ "name": §"p", "values": ["a"] }], "tables": [${parent}] }`,
      ['error The name public.p is taken by another table of this plan.'],
    ],
    [
      'a name that is too long',
      tables(`{ "source": "main", "from": "a", "to": §"${'é'.repeat(32)}" }`),
      ['error This name cannot be used in PostgreSQL: it has 64 bytes and PostgreSQL keeps 63.'],
    ],
    [
      'a reserved schema',
      `{ ${head.replace('"embedded"', '"embedded", "schema": §"sluice"')}, "tables": [${parent}] }`,
      ['error The schema "sluice" is reserved.'],
    ],
    [
      'a URL with a password',
      `{ ${head.replace('"embedded', '§"postgresql://u:secret@h/d')}, "tables": [${parent}] }`,
      ['error A plan must not hold a connection URL; use "env:NAME" and put the URL into that environment variable.'],
    ],
    [
      'a sequence of nobody',
      `{ ${head},\n"sequences": [{ "name": "s", "ownedBy": { "table": §"x", "column": "id" } }, { "name": "t", "ownedBy": { "table": "p", "column": §"z" } }], "tables": [${parent}] }`,
      ['error There is no table public.x in this plan.', 'error public.p has no column "z".'],
    ],
    // Columns
    ['a column twice', table([id, id.replace('"to": ', '"to": §')]), ['error public.a has two columns "id".']],
    [
      'S42 a system column',
      table(['{ "from": "x", "to": §"xmin", "type": "int" }']),
      ['error The column name "xmin" cannot be used in PostgreSQL: it is the name of a system column.'],
    ],
    ['no type', column('"type": §"unsigned big int"'), ['error "unsigned big int" is not a PostgreSQL type.']],
    [
      'an unknown type',
      column('"type": §"mood"'),
      ['warning "mood" is neither a built-in type nor an enum of this plan; it must be there before the run.'],
    ],
    ['serial', column('"type": §"bigserial"'), ['error Use bigint with "identity": true instead of bigserial.']],
    [
      'identity on text',
      column('"type": §"text", "identity": true'),
      ['error An identity column must be smallint, integer or bigint, not text.'],
    ],
    [
      'identity with a default',
      column('"type": "int", "identity": true,\n"default": §{ "value": 1 }'),
      ['error An identity column has no default of its own.'],
    ],
    [
      'a generated default',
      column('"type": "int", "generated": "1",\n"default": §{ "value": 1 }'),
      ['error A generated column has no default.'],
    ],
    [
      'V04 a vector without dimensions',
      column('"type": §"vector"'),
      ['warning v may have other dimensions in each row; vector(384) for example takes only those of 384.'],
    ],
    [
      'V05 a vector that is too long',
      column('"type": §"vector(16001)"'),
      [
        'error vector has 1 to 16000 dimensions, and pgvector stores no more. Type real[] keeps every number, without a search for neighbours.',
      ],
    ],
    ['a precision that is too large', column('"type": §"numeric(1001)"'), ['error The precision of numeric is between 1 and 1000.']],
    ['varchar(0)', column('"type": §"varchar(0)"'), ['error The length of varchar is between 1 and 10485760.']],
    [
      'an unknown converter',
      column('"type": "timestamptz",\n"convert": §"epoch"'),
      [
        'error There is no converter "epoch"; there are auto, epoch-s, epoch-ms, epoch-us, julian, json-text, float32-blob, float64-blob, packed-bits, packed-bits-low, blob-text, text-hex, decimal-comma, grouped-comma, date-dmy, date-mdy.',
      ],
    ],
    [
      'an unknown converter in a rule',
      column('"type": "timestamptz",\n"convert": [{ "when": "text" }, { "when": "integer", "convert": §"epoch" }]'),
      [
        'error There is no converter "epoch"; there are auto, epoch-s, epoch-ms, epoch-us, julian, json-text, float32-blob, float64-blob, packed-bits, packed-bits-low, blob-text, text-hex, decimal-comma, grouped-comma, date-dmy, date-mdy.',
      ],
    ],
    [
      'a rule with bounds for texts',
      column('"type": "timestamptz",\n"convert": [{ "when": "text", "max": §5 }]'),
      ['error "max" is for numbers; say "when": "integer", "real" or "number".'],
    ],
    [
      'rounding that is not accepted',
      column('"type": "numeric(3,2)",\n"loss": §"rounded"'),
      ['warning public.a.v: rounded as numeric(3,2): say "accept": true, or choose a wider type.'],
    ],
    [
      'NOT NULL without values',
      table(['{ "to": "v", "type": "int",\n"nullable": §false }']),
      ['warning "v" is never NULL, but has neither a source column nor a default: every row would be refused.'],
    ],
    [
      'a target-only column from a source',
      `{ ${head},\n"tables": [${parent}], "targetOnly": [\n{ "to": "t", "columns": [{ "from": §"x", "to": "x", "type": "int" }] }] }`,
      ['error A table that only the target has reads nothing from a source.'],
    ],
    // Keys
    [
      'S34 a nullable primary key',
      table(['§{ "from": "id", "to": "id", "type": "int" }'], '"primaryKey": ["id"]'),
      ['error "id" is part of the primary key: say "nullable": false.'],
    ],
    ['an unknown key column', table([id], '"primaryKey": ["id", §"x"]'), ['error public.a has no column "x".']],
    ['an unknown unique column', table([id], '"uniques": [[§"x"]]'), ['error public.a has no column "x".']],
    [
      'an unknown parent',
      withKey('{ "columns": ["v"], "references": §"q", "referencesColumns": ["id"] }'),
      ['error There is no table public.q in this plan.'],
    ],
    [
      'S18 orphans set aside for a key that is not created',
      withKey('{ "columns": ["v"], "references": "p", "referencesColumns": ["id"], "enforce": false, "orphans": §"quarantine" }'),
      ['error Orphans are set aside only for a key that is created: say "orphans": "report", or leave "enforce" out.'],
    ],
    [
      'a parent elsewhere',
      withKey('{ "columns": ["v"], "references": §{ "schema": "s", "table": "q" }, "referencesColumns": ["id"] }'),
      ['warning s.q is not in this plan; it must be in the target before the run.'],
    ],
    [
      'an unknown column of the parent',
      withKey('{ "columns": ["v"], "references": "p", "referencesColumns": [§"x"] }'),
      ['error public.p has no column "x".'],
    ],
    [
      'a parent column that is no key',
      withKey('{ "columns": ["v"], "references": "p", "referencesColumns": §["n"] }'),
      ['error (n) is neither the primary key nor unique in public.p.'],
    ],
    [
      'two columns for one',
      withKey('{ "columns": ["v"], "references": "p", "referencesColumns": §["id", "n"] }'),
      ['error A key over 1 column cannot reference 2.'],
    ],
    [
      'a type that does not compare',
      withKey('{ "columns": [§"v"], "references": "p", "referencesColumns": ["id"] }', 'text'),
      ['error "v" is text, but public.p.id is bigint.'],
    ],
    [
      'a parent that is left out',
      tables(
        parent.replace('"source"', '"include": false, "source"'),
        `{ "source": "main", "from": "a", "to": "a", "columns": [${id}], "foreignKeys": [{ "columns": ["id"], "references": §"p", "referencesColumns": ["id"] }] }`,
      ),
      ['warning public.p is not included, so this foreign key is left out.'],
    ],
    [
      'a key without the partition column',
      table([id], '"primaryKey": ["id"], "partitionBy": { "strategy": "hash", "column": §"x", "modulus": 4 }'),
      ['error public.a has no column "x".'],
    ],
    [
      'a partitioned key',
      table(
        [id, '{ "from": "d", "to": "d", "type": "date" }'],
        '"primaryKey": §["id"], "partitionBy": { "strategy": "range", "column": "d", "every": "1 year" }',
      ),
      [
        'error A key of a partitioned table must contain its partition column "d": add it to the key, partition by a column of the key, or leave "partitionBy" out.',
      ],
    ],
    [
      'a partitioned unique index over an expression only',
      table(
        [id, '{ "from": "d", "to": "d", "type": "date" }'],
        '"indexes": [§{ "expression": "lower(d::text)", "unique": true }], "partitionBy": { "strategy": "range", "column": "d", "every": "1 year" }',
      ),
      [
        'error A key of a partitioned table must contain its partition column "d": add it to the key, partition by a column of the key, or leave "partitionBy" out.',
      ],
    ],
    [
      'a generated partition column',
      table(
        [id, '{ "to": "d", "type": "bigint", "generated": "id + 1" }'],
        '"partitionBy": { "strategy": "range", "column": §"d", "every": 10 }',
      ),
      ['error "d" is generated, and PostgreSQL partitions by no generated column.'],
    ],
    ...(
      [
        [
          'text',
          '{ "strategy": "range", "column": §"v", "every": "1 year" }',
          'Partitions by range need a column of date, timestamp, timestamptz, smallint, integer or bigint, and "v" is text.',
        ],
        [
          'date',
          '{ "strategy": "range", "column": "v", "every": §"6 hours" }',
          '"every" of date is "1 year", "3 months", "1 week" or "1 day", not "6 hours".',
        ],
        [
          'date',
          '{ "strategy": "range", "column": "v", "every": §10 }',
          '"every" of date is "1 year", "3 months", "1 week" or "1 day", not 10.',
        ],
        [
          'timestamptz',
          '{ "strategy": "range", "column": "v", "every": §"fortnight" }',
          '"every" of timestamptz is "1 year", "3 months", "1 week", "1 day" or "6 hours", not "fortnight".',
        ],
        [
          'bigint',
          '{ "strategy": "range", "column": "v", "every": §"1 year" }',
          '"every" of bigint is a number, for example 1000000, not "1 year".',
        ],
        [
          'smallint',
          '{ "strategy": "range", "column": "v", "every": 10, "from": §40000 }',
          '"from" is an integer that smallint holds, not 40000.',
        ],
        [
          'date',
          '{ "strategy": "range", "column": "v", "every": "day", "to": §"2024-02-30" }',
          '"to" is a day of the years 1 to 9999, for example "2020-01-01", not "2024-02-30".',
        ],
        [
          'date',
          '{ "strategy": "range", "column": "v", "every": "day", "from": "2024-01-02", "to": §"2024-01-02" }',
          '"to" must be behind "from".',
        ],
        [
          'date',
          '{ "strategy": "range", "column": "v", "every": §"day", "from": "1990-01-01", "to": "2024-01-01" }',
          'public.a would have 12418 partitions, and more than 10000 are not made: choose a larger "every".',
        ],
        [
          'bigint',
          '{ "strategy": "hash", "column": "v", "modulus": §10001 }',
          'public.a would have 10001 partitions, and more than 10000 are not made: choose a smaller modulus.',
        ],
        [
          'numeric',
          '{ "strategy": "list", "column": §"v", "values": { "a": [1] } }',
          'Partitions by list need a column of text, varchar, an integer, boolean, date, uuid or an enum of the plan, and "v" is numeric.',
        ],
        ['smallint', '{ "strategy": "list", "column": "v", "values": { "a": [§32768] } }', '32768 is no value of "v", which is smallint.'],
        [
          'varchar(2)',
          '{ "strategy": "list", "column": "v", "values": { "a": ["xy", §"xyz"] } }',
          '"xyz" is no value of "v", which is varchar.',
        ],
        ['date', '{ "strategy": "list", "column": "v", "values": { "a": [null], "b": [§null] } }', 'null is in the partition "a" already.'],
        ['bigint', '{ "strategy": "list", "column": "v", "values": { "a": [7], "b": [§"7"] } }', '"7" is in the partition "a" already.'],
        [
          'mood',
          '{ "strategy": "list", "column": "v", "values": { "a": ["fine", §"good"] } }',
          '"good" is no value of "v", which is mood.',
        ],
      ] as const
    ).map(([type, partitionBy, message]): readonly [string, string, readonly string[]] => [
      `partitions that PostgreSQL would not make: ${partitionBy.replace('§', '')} of ${type}`,
      table([id, `{ "from": "v", "to": "v", "type": "${type}" }`], `"primaryKey": [], "partitionBy": ${partitionBy}`).replace(
        '"tables"',
        '"enums": [{ "name": "mood", "values": ["fine"] }], "tables"',
      ),
      [`error ${message}`],
    ]),
    [
      'a partition column that no source fills',
      table([id, '{ "to": "d", "type": "date" }'], '"partitionBy": §{ "strategy": "range", "column": "d", "every": "1 year" }'),
      ['error "d" does not come from a source: say "from" and "to", for which partitions are made.'],
    ],
    [
      'two search columns of one name, and an enum among the texts',
      table(
        [id, '{ "from": "v", "to": "v", "type": "text[]" }'],
        '"fullText": [{ "column": "s", "from": ["id"] }, { "column": §"s", "from": [§"v"], "config": "simple" }]',
      ),
      ['error public.a has two search columns "s".', 'error The text of a text[] depends on the session, so "v" cannot be searched.'],
    ],
    // Indexes
    ['an unknown index column', withIndex('int', '{ "columns": [§"x"] }'), ['error public.a has no column "x".']],
    ['an index on nothing', withIndex('int', '§{}'), ['error An index needs "columns" or an "expression".']],
    [
      'V05 an index on a long vector',
      withIndex('vector(3072)', '{ "columns": [§"v"], "method": "hnsw", "opclass": "vector_l2_ops" }'),
      [
        'error pgvector indexes vector up to 2000 dimensions and "v" has 3072: index half precision, (column)::halfvec(3072) with halfvec_cosine_ops, or leave the index out.',
      ],
    ],
    [
      'V05 half precision of too many dimensions',
      withIndex('vector(4001)', '{ "expression": §"v::halfvec(4001)", "method": "hnsw", "opclass": "halfvec_l2_ops" }'),
      [
        'error pgvector indexes halfvec up to 4000 dimensions and this expression has 4001: index the signs of its elements, binary_quantize(column)::bit(4001) with bit_hamming_ops, or leave the index out.',
      ],
    ],
    [
      'an operator class of another type',
      withIndex('vector(3)', '{ "expression": "binary_quantize(v)::bit(3)", "method": "ivfflat", "opclass": §"bit_jaccard_ops" }'),
      ["error pgvector's ivfflat index of bit does not take bit_jaccard_ops: bit takes bit_hamming_ops."],
    ],
    [
      'an expression of another length',
      withIndex('vector(5)', '{ "expression": §"binary_quantize(v)::bit(4)", "method": "hnsw", "opclass": "bit_hamming_ops" }'),
      ['error "v" has 5 dimensions, so the expression must say bit(5), not bit(4).'],
    ],
    [
      'an expression without a length',
      withIndex('vector(5)', '{ "expression": §"binary_quantize(v)", "method": "hnsw", "opclass": "bit_hamming_ops" }'),
      ['error pgvector indexes only expressions that say how many dimensions they have: end it with ::bit(5).'],
    ],
    [
      'a part that is not there',
      withIndex('vector(5)', '{ "expression": §"subvector(v, 4, 3)::vector(3)", "method": "hnsw", "opclass": "vector_l2_ops" }'),
      ['error "v" has 5 dimensions, so it has no 3 from number 4 on.'],
    ],
    [
      'options that pgvector does not take',
      withIndex('vector(3)', '{ "columns": ["v"], "method": "ivfflat", "opclass": "vector_l2_ops", "with": { "lists": §0 } }'),
      ['error "lists" is a whole number from 1 to 32768, or "auto".'],
    ],
    [
      'HNSW on a text',
      withIndex('text', '{ "columns": [§"v"], "method": "hnsw", "opclass": "vector_l2_ops" }'),
      ['error "v" is text, and an hnsw index is for vectors.'],
    ],
    [
      'HNSW without opclass',
      withIndex('vector(3)', '§{ "columns": ["v"], "method": "hnsw" }'),
      ['error An hnsw index needs an "opclass", for example vector_cosine_ops.'],
    ],
    [
      'a btree on a vector',
      withIndex('vector(3)', '{ "columns": [§"v"] }'),
      ['error "v" is a vector: its index needs "method": "hnsw" or "ivfflat".'],
    ],
    [
      'an index name twice',
      withIndex('int', '{ "name": "i", "columns": ["v"] }, { "name": §"i", "columns": ["v"] }'),
      ['error public.a has two indexes "i".'],
    ],

    // Embeddings
    [
      'columns of an embedding that are not there',
      withEmbed('"vector(3)"', '"from": ["v", §"w"], "to": §"x", "dimensions": 3'),
      ['error public.a has no column "w".', 'error public.a has no column "x".'],
    ],
    [
      'an embedding that goes into a text',
      withEmbed('"text"', '"from": ["v"], "to": §"e", "dimensions": 3'),
      ['error "e" is of type text; embeddings go into a vector or halfvec.'],
    ],
    [
      'an embedding of another length',
      withEmbed('"halfvec(3)"', '"from": ["v"], "to": "e", "dimensions": §4'),
      ['error "e" is halfvec(3), and the embeddings have 4 dimensions.'],
    ],
    ['an embedding that fits', withEmbed('"vector(4)"', '"from": ["v"], "to": "e", "dimensions": 4'), []],
    [
      'an embedding of rows without a key',
      withEmbed('"vector(4)"', '"from": ["v"], "to": "e", "dimensions": 4', '[]').replace('"embed": ', '"embed": §'),
      ['error public.a has no primary key, by which rows without an embedding are told apart.'],
    ],
    [
      'an embedding that is never NULL, which no run fills',
      withEmbed('"vector(4)", "nullable": §false', '"from": ["v"], "to": "e", "dimensions": 4'),
      ['warning "e" is never NULL, but has neither a source column nor a default: every row would be refused.'],
    ],
  ];
  for (const [title, text, expected] of broken) {
    it(`finds ${title}`, () => {
      const { json, places } = takeMarks(text);
      const problems = validatePlan(json).problems;
      assert.deepEqual(
        problems.map(({ severity, message }) => `${severity} ${message}`),
        expected,
      );
      assert.deepEqual(
        problems.map(({ line, column: at }) => `${line}:${at}`),
        places,
      );
    });
  }

  it('takes comments, trailing commas and a byte order mark', () => {
    assert.deepEqual(validatePlan(`\uFEFF// a comment\n{ ${head}, /* another */ "tables": [${parent},], }`).problems, []);
  });

  it('counts lines ended in each way', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const [problem] = validatePlan(['{', '"version": 2,', `${head.slice(14)}, "tables": [${parent}] }`].join(end)).problems;
      assert.deepEqual([problem?.line, problem?.column], [2, 12]);
    }
  });

  it('needs no acceptance for vectors that become float32', () => {
    assert.deepEqual(validatePlan(column('"type": "vector(3)", "loss": "rounded"')).problems, []);
  });

  it('still returns a plan that has the right shape', () => {
    assert.equal(validatePlan(column('"type": "nonsense type"')).plan?.tables.length, 1);
    assert.equal(validatePlan(`{ ${head} }`).plan, null);
  });
});

describe('readPlan', () => {
  it('fills defaults in', () => {
    const plan = readPlan(tables(parent), { path: 'x.sluice.json' });
    assert.equal(plan.target.schema, 'public');
    assert.equal(plan.options.onReject, 'stop');
    assert.equal(plan.tables[0]?.columns[0]?.loss, 'exact');
  });

  it('refuses errors with their places, lets warnings pass', () => {
    assert.throws(
      () => readPlan(table([id, id], '"primaryKey": ["x"]'), { path: 'shop.sluice.json' }),
      (error) =>
        error instanceof MigrationError &&
        error.code === 'invalid-plan' &&
        error.message ===
          'The plan shop.sluice.json has 2 errors: \n  shop.sluice.json:5:23 public.a has two columns "id".\n  shop.sluice.json:7:16 public.a has no column "x".',
    );
    assert.equal(readPlan(column('"type": "mood"'), { path: 'x' }).name, 'x');
  });
});
