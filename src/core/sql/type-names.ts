/** Other spellings of built-in types, as the manual's table 8.1 and format_type() give them → the name used in plans. */
export const typeAliases: ReadonlyMap<string, string> = new Map([
  ['int8', 'bigint'],
  ['int', 'integer'],
  ['int4', 'integer'],
  ['int2', 'smallint'],
  ['bool', 'boolean'],
  ['float4', 'real'],
  ['float8', 'double precision'],
  ['decimal', 'numeric'],
  ['dec', 'numeric'],
  ['character varying', 'varchar'],
  ['char varying', 'varchar'],
  ['character', 'char'],
  ['bpchar', 'char'],
  ['varbit', 'bit varying'],
  ['time without time zone', 'time'],
  ['time with time zone', 'timetz'],
  ['timestamp without time zone', 'timestamp'],
  ['timestamp with time zone', 'timestamptz'],
]);

// prettier-ignore
const intervalFields = [
  'year', 'month', 'day', 'hour', 'minute', 'second', 'year to month', 'day to hour', 'day to minute', 'day to second',
  'hour to minute', 'hour to second', 'minute to second',
];

/** Canonical names of the types that every PostgreSQL has and a column may sensibly be given. */
// prettier-ignore
export const builtInTypes: ReadonlySet<string> = new Set([
  'smallint', 'integer', 'bigint', 'real', 'double precision', 'numeric', 'money', 'boolean',
  'text', 'varchar', 'char', 'bpchar', 'name', 'bytea', 'bit', 'bit varying',
  'date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval', ...intervalFields.map((fields) => `interval ${fields}`),
  'uuid', 'json', 'jsonb', 'jsonpath', 'xml', 'tsvector', 'tsquery',
  'inet', 'cidr', 'macaddr', 'macaddr8', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle',
  'int4range', 'int8range', 'numrange', 'tsrange', 'tstzrange', 'daterange',
  'int4multirange', 'int8multirange', 'nummultirange', 'tsmultirange', 'tstzmultirange', 'datemultirange',
  'oid', 'pg_lsn',
]);

/** pgvector's types; they live in the schema the extension was created in. */
export const vectorTypes: ReadonlySet<string> = new Set(['vector', 'halfvec', 'sparsevec']);

/** Types of extensions that plans name without a schema. */
export const extensionTypes: ReadonlySet<string> = new Set([...vectorTypes, 'citext', 'hstore', 'ltree']);
