import * as z from 'zod';
import { graphLists } from '../model/graph-names.ts';
import { sourceKindNames } from '../model/source-kind.ts';

/**
 * The plan file, version 1: one schema gives the types, the JSON Schema of the editor and the validation errors.
 * Every key but `version`, `name`, `sources`, `target` and `tables` has a default. It only grows.
 */

const name = z.string().min(1);
const names = z.array(name);
const json = z.json();

const foreignKeyAction = z.enum(['no action', 'restrict', 'cascade', 'set null', 'set default']);

/** A source: kind, where it is (relative to the plan file), and keys that belong to its kind. */
const sourceSchema = z.looseObject({
  kind: z.enum(sourceKindNames).describe('What kind of store it is'),
  path: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).describe('Where the store is, relative to this file'),
});

const madeFromSchema = z.strictObject({
  sources: z
    .record(z.string(), z.strictObject({ fingerprint: z.string(), profiled: z.union([z.literal('full'), z.number().int().positive()]) }))
    .default({}),
  targetHash: z.string().nullable().default(null).describe('Of the target as it was compared, to notice that it changed'),
});

const targetSchema = z.strictObject({
  profile: name.describe('embedded, env:NAME, or the name of a profile saved in the editor; never a URL'),
  schema: name.default('public').describe('Schema of PostgreSQL for tables that name none'),
});

const optionsSchema = z.strictObject({
  identifiers: z
    .enum(['preserve', 'lower', 'snake'])
    .default('preserve')
    .describe('How names of the source become names of PostgreSQL: as they are, in lower case, or in snake_case'),
  mode: z
    .enum(['create', 'append', 'upsert', 'replace', 'sync'])
    .default('create')
    .describe(
      'What happens to tables that exist: create refuses them, append adds rows, upsert overwrites rows with the same key, replace deletes all rows first',
    ),
  onReject: z
    .enum(['stop', 'quarantine'])
    .default('stop')
    .describe('A row that does not fit: stop refuses the run before anything is created, quarantine keeps the row apart and goes on'),
  maxRejects: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .default(null)
    .describe('Rejected rows that a run may have; null = any number, 0 = none'),
  jobs: z
    .union([z.literal('auto'), z.number().int().positive()])
    .default('auto')
    .describe('Workers that load at the same time'),
  timestamps: z.enum(['timestamptz', 'timestamp']).default('timestamptz').describe('Type of dates with a time of day'),
  assumeTimeZone: z.string().min(1).default('UTC').describe('Zone of times that are written without one'),
  nulBytes: z
    .enum(['reject', 'strip', 'replace', 'bytea'])
    .default('reject')
    .describe('Texts with a NUL character, which PostgreSQL cannot hold'),
  invalidText: z.enum(['reject', 'latin1', 'replace', 'bytea']).default('reject').describe('Texts that are not valid UTF-8'),
  emptyText: z
    .enum(['null', 'keep'])
    .default('null')
    .describe('Empty text in a column that is no text: NULL, or as it is (and then rejected)'),
  deletions: z.enum(['report', 'apply']).default('report').describe('Rows that the source no longer has: told, or deleted in the target'),
});

const tableNameSchema = z.union([name, z.strictObject({ schema: name, table: name })]);

const documentFromSchema = z.strictObject({
  files: name,
  path: z.string().optional(),
  as: z.enum(['rows', 'rows-of-map', 'child', 'jsonb', 'columns']).default('rows'),
  keyColumn: name.optional(),
  ordinal: name.optional(),
  parent: name.optional(),
});

const graphFromSchema = z.union([
  z.strictObject({ node: name.describe('Class of the nodes that are rows') }),
  z.strictObject({
    edge: name.describe('Class of the edges that are rows'),
    source: name
      .optional()
      .describe('Class of the nodes that they come from; needed where edges of the class join several pairs of classes'),
    target: name.optional().describe('Class of the nodes that they go to'),
  }),
  z.strictObject({ object: name.describe('Class of the objects, saved on their own, that are rows') }),
  z.strictObject({
    graph: z
      .enum(graphLists)
      .describe('anchors: every record as it was; users: names and their roots; unreadable: records that cannot be read, as rejects'),
  }),
]);

const columnFromSchema = z.union([
  z.string().describe('Column of the source; in documents a JSON Pointer below the element, and "" the element itself'),
  z.strictObject({ path: name }),
  z.strictObject({ parent: z.string() }),
  z.strictObject({ key: z.literal(true) }),
  z.strictObject({
    edge: z.union([name, graphFromSchema]),
    end: z.enum(['source', 'target']).describe('Which end of the edge is read; the row is the other one'),
  }),
]);

const defaultSchema = z.union([z.strictObject({ sql: z.string().min(1) }), z.strictObject({ value: json })]);

const converterSchema = z.union([name, z.strictObject({ name, args: z.record(z.string(), json).default({}) })]);

const bound = z.union([z.number(), z.string().regex(/^-?\d+$/)]);

/** The first rule that is for a value reads it. */
const converterRuleSchema = z.strictObject({
  when: z
    .enum(['integer', 'real', 'number', 'text', 'blob', 'any'])
    .describe('Which stored values the rule is for; number is integer or real'),
  min: bound.optional().describe('Smallest number that the rule is for; an integer beyond 2^53 as text'),
  max: bound.optional().describe('Largest number that the rule is for'),
  convert: converterSchema.default('auto').describe('How these values are written'),
});

const columnSchema = z.strictObject({
  from: columnFromSchema.nullable().default(null).describe('Column of the source; null for a column that only the target has'),
  to: name.describe('Name of the column in PostgreSQL'),
  type: name.describe('PostgreSQL type, for example numeric(10,2) or vector(384)'),
  identity: z.boolean().default(false).describe('PostgreSQL numbers new rows itself, behind the largest value of the source'),
  nullable: z.boolean().default(true).describe('May be NULL'),
  default: defaultSchema.nullable().default(null).describe('Default of new rows: { "sql": "now()" } or { "value": 1 }'),
  generated: z.string().nullable().default(null).describe('Expression of a generated stored column'),
  convert: z
    .union([converterSchema, z.array(converterRuleSchema).min(1)])
    .nullable()
    .default(null)
    .describe('How the source wrote the values: a converter, or for a mixed column a list of rules of which the first that fits is taken'),
  nullTokens: z.array(z.string()).nullable().default(null).describe('Texts that stand for NULL; they are counted'),
  loss: z.enum(['exact', 'widened', 'rounded', 'lossy']).default('exact').describe('What the type does to the values'),
  accept: z.boolean().default(false).describe('A rounded or lossy column runs only when this is true'),
  evidence: z.string().default('').describe('What was found in the source; only for people'),
  expectedRejects: z.number().int().nonnegative().default(0).describe('Values that do not fit the type, as far as the plan knows'),
});

const uniqueSchema = z.union([names.min(1), z.strictObject({ name: name.optional(), columns: names.min(1) })]);
const checkSchema = z.union([
  name,
  z.strictObject({
    name: name.optional(),
    expression: name,
    from: name.optional().describe('The condition in the words of the store, by which rows that break it are counted before a run'),
  }),
]);

const foreignKeySchema = z.strictObject({
  name: name.optional(),
  columns: names.min(1),
  references: tableNameSchema.describe('Table of the target that the key refers to'),
  referencesColumns: names.min(1),
  onDelete: foreignKeyAction.nullable().default(null),
  onUpdate: foreignKeyAction.nullable().default(null),
  deferrable: z.boolean().default(false),
  enforce: z.boolean().default(true).describe('false: the key is checked and told, not created'),
  orphans: z
    .enum(['report', 'quarantine'])
    .nullable()
    .default('report')
    .describe(
      'Rows whose parent is missing: report loads and lists them, with the key left NOT VALID; quarantine sets them and the rows that refer to them aside as rejects, so that the key holds',
    ),
});

const indexColumnSchema = z.union([
  name,
  z.strictObject({
    column: name,
    descending: z.boolean().default(false),
    nullsFirst: z.boolean().optional(),
    collation: z.string().optional(),
    opclass: name.optional(),
  }),
  z.strictObject({
    expression: name.describe('Indexed expression in SQL, in its place among the columns'),
    descending: z.boolean().default(false),
    nullsFirst: z.boolean().optional(),
    collation: z.string().optional(),
    opclass: name.optional(),
  }),
]);

const indexSchema = z.strictObject({
  name: name.optional(),
  columns: z.array(indexColumnSchema).default([]),
  expression: z.string().nullable().default(null).describe('Indexed expression in SQL, behind the columns'),
  where: z.string().nullable().default(null),
  unique: z.boolean().default(false),
  method: z.enum(['btree', 'hash', 'gin', 'gist', 'brin', 'spgist', 'hnsw', 'ivfflat']).default('btree'),
  opclass: name.nullable().default(null).describe('Operator class, for example vector_cosine_ops; it decides the distance'),
  with: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
    .default({})
    .describe('Storage parameters, for example m and ef_construction of hnsw'),
  evidence: z.string().default('').describe('Why this index, what it takes and what else there is; only for people'),
});

const partitionBound = z.union([name, z.number().int()]);

const partitionSchema = z.union([
  z.strictObject({
    strategy: z.literal('range'),
    column: name,
    every: z
      .union([name, z.number().int().positive()])
      .describe('Reach of one partition: "1 year", "3 months", "1 week", "1 day" or "6 hours"; a number for a column of integers'),
    from: partitionBound
      .optional()
      .describe('First value that partitions are made for, a day ("2020-01-01") or an integer; absent = the smallest of the source'),
    to: partitionBound
      .optional()
      .describe('Where partitions end, a day or an integer that is no part of them; absent = behind the largest value of the source'),
    default: z.boolean().default(true).describe('A partition for what no other takes; without it such rows are rejected'),
  }),
  z.strictObject({
    strategy: z.literal('list'),
    column: name,
    values: z.record(z.string().min(1), z.array(json).min(1)).describe('Values of each partition, by what its name ends in'),
    default: z.boolean().default(true).describe('A partition for what no other takes; without it such rows are rejected'),
  }),
  z.strictObject({
    strategy: z.literal('hash'),
    column: name,
    modulus: z.number().int().positive().describe('Number of partitions, among which rows are spread evenly'),
  }),
]);

const fullTextSchema = z.strictObject({
  column: name.describe('Name of the column that PostgreSQL fills with the words'),
  from: names.min(1).describe('Columns whose texts are searched'),
  config: name.default('english').describe('Text search configuration: english knows endings, simple takes words as they are'),
});

const tableBody = {
  to: tableNameSchema.describe('Table of the target: a name, or { "schema", "table" }'),
  columns: z.array(columnSchema).default([]),
  primaryKey: names.default([]).describe('Columns of the primary key, by their names in PostgreSQL'),
  uniques: z.array(uniqueSchema).default([]),
  checks: z.array(checkSchema).default([]),
  foreignKeys: z.array(foreignKeySchema).default([]),
  indexes: z.array(indexSchema).default([]),
  partitionBy: partitionSchema.nullable().default(null),
  fullText: z
    .union([fullTextSchema, z.array(fullTextSchema).min(1)])
    .nullable()
    .default(null)
    .describe('Full-text search: a generated tsvector column with a GIN index, or a list of them'),
  comment: z.string().nullable().default(null),
  seed: z
    .array(z.record(z.string(), json))
    .default([])
    .describe('Rows that a run adds to the table when it makes it, by column; they are no rows of the source and are not verified'),
};

const tableSchema = z.strictObject({
  source: name.describe('Which of `sources` this table comes from'),
  from: z.union([name, documentFromSchema, graphFromSchema]).describe('Table of the source'),
  include: z.boolean().default(true).describe('false leaves the table out'),
  ...tableBody,
  embed: z
    .strictObject({
      from: names.min(1).describe('Columns of texts, by their names in PostgreSQL'),
      to: name.describe('Vector column'),
      model: name.describe('Name of the model at the endpoint'),
      dimensions: z.number().int().positive(),
    })
    .nullable()
    .default(null)
    .describe('What `sluice embed` computes when it is called for this table; a run computes nothing'),
  where: z.string().nullable().default(null),
  incremental: z
    .union([z.strictObject({ by: z.literal('hash') }), z.strictObject({ by: z.literal('watermark'), column: name })])
    .nullable()
    .default(null),
});

const targetOnlySchema = z.strictObject(tableBody);

const enumSchema = z.strictObject({ name: tableNameSchema, values: z.array(z.string()).min(1) });
const sequenceSchema = z.strictObject({
  name: tableNameSchema,
  start: z.union([z.number().int(), z.string().regex(/^-?\d+$/)]).default(1),
  increment: z.number().int().default(1),
  next: z
    .union([z.number().int(), z.string().regex(/^-?\d+$/)])
    .nullable()
    .default(null),
  ownedBy: z.strictObject({ table: tableNameSchema, column: name }).nullable().default(null),
});

export const planSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  name,
  sources: z.record(name, sourceSchema).describe('Stores by the name that tables call them'),
  madeFrom: madeFromSchema.prefault({}).describe('What the plan was made from, to notice that it is stale'),
  target: targetSchema,
  options: optionsSchema.prefault({}),
  enums: z.array(enumSchema).default([]),
  sequences: z.array(sequenceSchema).default([]),
  tables: z.array(tableSchema),
  targetOnly: z.array(targetOnlySchema).default([]),
  parity: z
    .array(
      z.strictObject({
        name,
        on: name.optional().describe('Which of `sources` is asked; needed when there are several'),
        source: name.describe('A SELECT in the SQL of the store; its order counts'),
        target: name.describe('A SELECT in the SQL of PostgreSQL that should give the same rows in the same order'),
      }),
    )
    .default([])
    .describe('Pairs of queries whose answers are compared and timed after the load, as part of the verification'),
  notes: z.array(z.string()).default([]).describe('What the planner changed, left out or did not understand'),
});

/** A plan with every default filled in. */
export type Plan = z.output<typeof planSchema>;
/** A plan as it may be written, defaults left out. */
export type PlanInput = z.input<typeof planSchema>;
export type PlanTable = Plan['tables'][number];
export type PlanColumn = PlanTable['columns'][number];
export type PlanConverter = z.output<typeof converterSchema>;
export type PlanConverterRule = z.output<typeof converterRuleSchema>;
export type PlanForeignKey = PlanTable['foreignKeys'][number];
export type PlanIndex = PlanTable['indexes'][number];
export type PlanPartition = z.output<typeof partitionSchema>;
export type PlanFullText = z.output<typeof fullTextSchema>;
export type PlanOptions = Plan['options'];
export type PlanTargetOnlyTable = Plan['targetOnly'][number];
export type PlanTableName = z.output<typeof tableNameSchema>;
