import assert from 'node:assert/strict';
import { assertFails, type InSchema } from './target-assertions.ts';

export function testErrors(get: () => InSchema): void {
  it('keeps every field of the server', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer PRIMARY KEY, w integer NOT NULL)`);
    await target.query(`INSERT INTO ${schema}.t VALUES (1, 1)`);
    await assertFails(target.query(`INSERT INTO ${schema}.t VALUES (1, 1)`), 'sql-failed', 'terminal', {
      sqlstate: '23505',
      severity: 'ERROR',
      detail: 'Key (v)=(1) already exists.',
      schema,
      table: 't',
      constraint: 't_pkey',
    });
    await assertFails(target.query(`INSERT INTO ${schema}.t VALUES (2, NULL)`), 'sql-failed', 'terminal', {
      sqlstate: '23502',
      column: 'w',
    });
    await assertFails(target.query('SELECT nothing'), 'sql-failed', 'terminal', { sqlstate: '42703', position: '8' });
    await assertFails(target.query(`SELECT 'x'::text + 1`), 'sql-failed', 'terminal', { sqlstate: '42883' }, (context) =>
      assert.match(context.hint ?? '', /operator/),
    );
  });

  it('tells what a function raised, and where', async () => {
    const { target } = get();
    const raised = target.query(`DO $$ BEGIN RAISE EXCEPTION 'no' USING DETAIL = 'because', HINT = 'do not do that'; END $$`);
    await assertFails(
      raised,
      'sql-failed',
      'terminal',
      { sqlstate: 'P0001', message: 'no', detail: 'because', hint: 'do not do that' },
      (context) => assert.match(context.where ?? '', /PL\/pgSQL function/),
    );
  });

  it('blames the row when a trigger refuses it inside COPY', async () => {
    const { target, schema } = get();
    await target.query(`CREATE TABLE ${schema}.t (v integer);
      CREATE FUNCTION ${schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.v = 2 THEN RAISE EXCEPTION 'two'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON ${schema}.t FOR EACH ROW EXECUTE FUNCTION ${schema}.refuse()`);
    const copy = await target.copyIn(`COPY ${schema}.t FROM STDIN`);
    await copy.write(Buffer.from('1\n2\n3\n'));
    await assertFails(copy.end(), 'row-refused', 'row', { sqlstate: 'P0001', message: 'two', line: 2 });
  });
}
