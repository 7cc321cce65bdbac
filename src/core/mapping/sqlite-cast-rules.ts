import type { AffinityRule, CastRule } from './cast-rule.ts';

/**
 * Declared types of SQLite → PostgreSQL. SQLite enforces none of them outside STRICT tables, so they are what the author meant;
 * integers are 64 bits and reals are doubles whatever the name says. https://www.sqlite.org/datatype3.html
 */
export const sqliteCastRules: readonly CastRule[] = [
  { declared: ['INTEGER', 'INT', 'BIGINT', 'MEDIUMINT', 'INT2', 'INT4', 'INT8', 'BIG INT', 'LONG'], type: 'bigint' },
  {
    declared: ['UNSIGNED BIG INT', 'BIGINT UNSIGNED', 'INT UNSIGNED', 'INTEGER UNSIGNED', 'UNSIGNED INTEGER', 'UNSIGNED INT'],
    type: 'bigint',
  },
  { declared: ['SMALLINT', 'TINYINT', 'SMALLINT UNSIGNED', 'TINYINT UNSIGNED'], type: 'smallint' },
  { declared: ['REAL', 'FLOAT', 'DOUBLE', 'DOUBLE PRECISION', 'FLOAT4', 'FLOAT8'], type: 'double precision' },
  { declared: ['NUMERIC', 'DECIMAL', 'DEC', 'NUMBER', 'MONEY'], type: 'numeric', modifiers: 2 },
  { declared: ['BOOLEAN', 'BOOL', 'BIT'], type: 'boolean' },
  { declared: ['TEXT', 'CLOB', 'STRING', 'TINYTEXT', 'MEDIUMTEXT', 'LONGTEXT', 'NTEXT', 'NCLOB'], type: 'text', upgrade: true },
  // CHAR(n) too: PostgreSQL would pad it with blanks, which SQLite never did.
  {
    declared: ['VARCHAR', 'NVARCHAR', 'VARCHAR2', 'NVARCHAR2', 'CHARACTER VARYING', 'VARYING CHARACTER', 'NATIVE VARYING CHARACTER'],
    type: 'varchar',
    modifiers: 1,
    upgrade: true,
  },
  { declared: ['CHAR', 'NCHAR', 'CHARACTER', 'NATIVE CHARACTER', 'NATIONAL CHARACTER'], type: 'varchar', modifiers: 1, upgrade: true },
  // STRICT tables only: any storage class, kept as written.
  { declared: ['ANY'], type: 'text', upgrade: false },
  { declared: ['BLOB', 'BYTEA', 'BINARY', 'VARBINARY', 'IMAGE', 'TINYBLOB', 'MEDIUMBLOB', 'LONGBLOB'], type: 'bytea' },
  { declared: ['DATE'], type: 'date' },
  { declared: ['TIME', 'TIME WITHOUT TIME ZONE'], type: 'time' },
  { declared: ['DATETIME', 'DATETIME2', 'SMALLDATETIME', 'TIMESTAMP', 'TIMESTAMP WITHOUT TIME ZONE'], type: 'timestamptz' },
  { declared: ['TIMESTAMPTZ', 'TIMESTAMP WITH TIME ZONE', 'DATETIMEOFFSET'], type: 'timestamptz' },
  { declared: ['JSON', 'JSONB'], type: 'jsonb' },
  { declared: ['UUID', 'GUID', 'UNIQUEIDENTIFIER'], type: 'uuid' },
  // libSQL's and sqlite-vec's names for embeddings.
  { declared: ['F32_BLOB', 'FLOAT32', 'VECTOR', 'FLOAT_VECTOR'], type: 'vector', modifiers: 1 },
  // sqlite-vec's bit[n], as its tables are read here.
  { declared: ['BIT_VECTOR'], type: 'bit', modifiers: 1 },
  { declared: [''], type: null },
];

/** https://www.sqlite.org/datatype3.html#determination_of_column_affinity, in this order; NUMERIC affinity is what is left. */
export const sqliteAffinityRules: readonly AffinityRule[] = [
  { contains: 'INT', type: 'bigint' },
  { contains: 'CHAR', type: 'text', upgrade: true },
  { contains: 'CLOB', type: 'text', upgrade: true },
  { contains: 'TEXT', type: 'text', upgrade: true },
  { contains: 'BLOB', type: 'bytea' },
  { contains: 'REAL', type: 'double precision' },
  { contains: 'FLOA', type: 'double precision' },
  { contains: 'DOUB', type: 'double precision' },
];
