import assert from 'node:assert/strict';
import fc from 'fast-check';
import pg from 'pg';
import { formatPgType, parsePgType } from '../../src/core/sql/pg-type.ts';
import { identifierFault, quoteIdentifier, quoteLiteral } from '../../src/core/sql/quote.ts';
import { builtInTypes } from '../../src/core/sql/type-names.ts';
import { requirePostgres, type Cluster } from '../helpers/postgres.ts';

describe('SQL text, read by a server', () => {
  let cluster: Cluster;
  let database: string;
  let client: pg.Client;

  before(async function () {
    cluster = await requirePostgres(this);
    const url = await cluster.createDatabase();
    database = new URL(url).pathname.slice(1);
    client = new pg.Client(url);
    await client.connect();
  });

  after(async () => {
    await client?.end();
    if (database !== undefined) await cluster.dropDatabase(database);
  });

  const text = fc
    .string({
      unit: fc.oneof(
        fc.constantFrom("'", '"', '\\', '\n', '\t', '$', ';', '-', '%', 'E'),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
      ),
      maxLength: 12,
    })
    .filter((value) => !value.includes('\0'));

  for (const standard of ['on', 'off']) {
    it(`quoteLiteral: the server reads the same text with standard_conforming_strings ${standard}`, async () => {
      await client.query(`SET standard_conforming_strings = ${standard}; SET escape_string_warning = off`);
      await fc.assert(
        fc.asyncProperty(text, async (value) => {
          const { rows } = await client.query<{ v: string }>(`SELECT ${quoteLiteral(value)} AS v`);
          assert.equal(rows[0]?.v, value);
        }),
      );
    });
  }

  it('quoteIdentifier: the server keeps the same name', async () => {
    await fc.assert(
      fc.asyncProperty(
        text.filter((name) => identifierFault(name) === null),
        async (name) => {
          const { fields } = await client.query(`SELECT 1 AS ${quoteIdentifier(name)}`);
          assert.equal(fields[0]?.name, name);
        },
      ),
    );
  });

  const modified = [
    'numeric(10,2)',
    'varchar(255)',
    'char(3)',
    'timestamp(3)',
    'timestamptz(0)',
    'time(2)',
    'interval(4)',
    'interval day to second(3)',
    'bit(5)',
    'bit varying(7)',
    'integer[][]',
    'varchar(20)[]',
  ];
  it('formatPgType and parsePgType: the server knows each type and writes it back as the same', async () => {
    for (const name of [...builtInTypes, ...modified]) {
      const type = parsePgType(name);
      const { rows } = await client.query<{ t: string }>(
        'SELECT format_type(a.atttypid, a.atttypmod) AS t FROM pg_attribute a WHERE attrelid = $1::regclass AND attnum = 1',
        [await tableWith(`${formatPgType(type)}`)],
      );
      // PostgreSQL knows one depth of arrays and fills in bit(1) and char(1).
      const expected = {
        ...type,
        arrayDepth: Math.min(type.arrayDepth, 1),
        modifiers: name === 'bit' || name === 'char' ? [1] : type.modifiers,
      };
      assert.deepEqual(parsePgType(rows[0]?.t ?? ''), expected, name);
    }
  });

  async function tableWith(type: string): Promise<string> {
    await client.query(`DROP TABLE IF EXISTS types; CREATE TABLE types (v ${type})`);
    return 'types';
  }
});
