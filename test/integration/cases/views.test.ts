import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import { describeCase } from '../../helpers/case-setting.ts';

const store = `
  CREATE TABLE "Order Item" (id INTEGER PRIMARY KEY, [order] INTEGER, Name TEXT, active BOOLEAN, price REAL);
  INSERT INTO "Order Item" VALUES (1, 1, 'apple', 1, 2.5), (2, 1, 'Pear', 0, 1.5), (3, 2, NULL, 1, 4), (4, 2, 'fig', 1, NULL);
  CREATE TABLE tag (item INTEGER, tag TEXT); INSERT INTO tag VALUES (1, 'red'), (1, 'sweet'), (4, 'soft');`;

/** Views that can be drafted without a doubt; each has to give the same rows in both databases. */
const views: Readonly<Record<string, string>> = {
  plain:
    'CREATE VIEW plain AS SELECT id, `NAME` AS label FROM "order item" WHERE active == 1 AND [Order] NOT NULL -- all of them\n ORDER BY id',
  totals:
    `CREATE TEMP VIEW totals (o, n, total) AS SELECT "order", count(*), sum(ifnull(price, 0)) t FROM "Order Item" GROUP BY 1 ORDER BY 1`.replace(
      'TEMP ',
      '',
    ),
  joined: `CREATE VIEW joined AS SELECT i.id AS ID2, T.tag, 'none' AS "what" FROM [Order Item] AS i LEFT JOIN tag t ON t.item = I.id WHERE i.name IS NOT 'x' AND i.name LIKE 'A%' OR t.tag ISNULL ORDER BY id2, 2 LIMIT 1, 3`,
  counted: `CREATE VIEW counted AS WITH c(item, n) AS (SELECT item, count(*) FROM TAG GROUP BY item) SELECT C.item, n, row_number() OVER (ORDER BY n DESC, c.item) AS place FROM c ORDER BY place`,
  nested: `CREATE VIEW nested AS SELECT label, instr(label, 'p') AS at FROM plain WHERE id IN (SELECT item FROM tag) UNION ALL SELECT 'x', 0 ORDER BY 1`,
};

describeCase('S23', 'views and triggers', (setting) => {
  for (const identifiers of ['preserve', 'snake'] as const) {
    it(`the draft of a plain view gives the same rows (identifiers ${identifiers})`, () =>
      setting.migrate({ sql: `${store}${Object.values(views).join(';\n')};`, options: { identifiers } }, async (run) => {
        const source = new Database(run.store, { readonly: true });
        const expected = Object.keys(views).map((view) => source.prepare(`SELECT * FROM ${view}`).raw().all());
        source.close();
        const warnings = run.planned.warnings.filter(({ code }) => code === 'view-not-carried').map(({ message }) => message);
        assert.equal(warnings.length, 5);
        await run.attempt(async (session) => {
          for (const [i, view] of Object.keys(views).entries()) {
            const message = warnings[i] ?? '';
            const [, sql] = /Draft, not run: ([\s\S]*?); Its definition:/.exec(message) ?? [];
            assert.ok(sql !== undefined, message);
            await session.query(sql);
            const { rows } = await session.query(`SELECT * FROM ${run.name(view)}`);
            const found = rows.map((row) =>
              Object.values(row).map((cell) => (typeof cell === 'string' && /^\d+$/.test(cell) ? Number(cell) : cell)),
            );
            assert.deepEqual(found, expected[i], sql);
          }
        });
        for (const view of Object.keys(views)) assert.match(run.reportText, new RegExp(`View ${view} is not carried over`));
      }));
  }

  it('what has no counterpart is named beside the draft; a trigger is a stated skip with its text', () =>
    setting.migrate(
      {
        sql: `${store}
          CREATE VIEW odd AS SELECT strftime('%Y', name), name GLOB 'a*', rowid FROM "Order Item" INDEXED BY i WHERE name = 'x' COLLATE NOCASE;
          CREATE TRIGGER touch AFTER UPDATE ON tag BEGIN UPDATE "Order Item" SET price = 0 WHERE id = new.item; END;`.replace(
          ' INDEXED BY i',
          '',
        ),
      },
      (run) => {
        const said = run.planned.plan.notes?.join('\n') ?? '';
        assert.match(
          said,
          /View odd .*Look at: .*strftime\(\) is another function.*GLOB has no counterpart.*PostgreSQL has no rowid.*there is no collation NOCASE/,
        );
        assert.match(said, /tag: Trigger touch is not carried over: .* Its definition: CREATE TRIGGER touch AFTER UPDATE/);
        assert.match(run.reportText, /Trigger touch is not carried over/);
      },
    ));
});
