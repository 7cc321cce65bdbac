import assert from 'node:assert/strict';
import { describeCase } from '../../helpers/case-setting.ts';

describeCase('S22', 'full-text tables', (setting) => {
  it('fts5: its texts, a tsvector and a GIN index; the five shadow tables are left out and said so', () =>
    setting.migrate(
      {
        sql: `CREATE VIRTUAL TABLE notes USING fts5(title, body, tag UNINDEXED, tokenize = 'porter unicode61');
          INSERT INTO notes (rowid, title, body, tag) VALUES (5, 'Running', 'The children were running home', 'x'), (9, NULL, 'Élan vital', 'y'), (-3, 'empty', '', NULL);
          INSERT INTO notes (rowid, title, body) VALUES (10, 'gone', 'gone'); DELETE FROM notes WHERE rowid = 10;`,
      },
      async (run) => {
        assert.deepEqual(await run.query(`SELECT rowid::text, title, body, tag FROM ${run.name('notes')} ORDER BY rowid`), [
          ['-3', 'empty', '', null],
          ['5', 'Running', 'The children were running home', 'x'],
          ['9', null, 'Élan vital', 'y'],
        ]);
        const find = (words: string): Promise<readonly (readonly unknown[])[]> =>
          run.query(`SELECT rowid::text FROM ${run.name('notes')} WHERE search @@ websearch_to_tsquery('english', '${words}')`);
        assert.deepEqual([await find('children run'), await find('élan'), await find('nothing')], [[['5']], [['9']], []]);
        const [index] = await run.query(
          `SELECT indexdef FROM pg_indexes WHERE schemaname = '${run.schema}' AND indexdef LIKE '% USING gin %'`,
        );
        assert.match(String(index?.[0]), /USING gin \(search\)/);
        const added = await run.query(`INSERT INTO ${run.name('notes')} (title) VALUES ('new') RETURNING rowid > 9`);
        assert.deepEqual(added, [[true]]);
        await run.query(`DELETE FROM ${run.name('notes')} WHERE title = 'new'`);
        assert.deepEqual(
          run.result.tables.map(({ from }) => from),
          ['notes'],
        );
        for (const shadow of ['data', 'idx', 'content', 'docsize', 'config']) {
          const said = new RegExp(`notes_${shadow} is left out: shadow table of the virtual table notes`);
          assert.match(run.planned.warnings.map(({ message }) => message).join('\n'), said);
          assert.match(run.reportText, new RegExp(`notes\\\\?_${shadow}`));
        }
        assert.match(run.reportText, /configuration english: the tokenizer porter unicode61 cuts English endings/);
      },
    ));

  it('fts4 with the default tokenizer takes words as they are', () =>
    setting.migrate(
      {
        sql: `CREATE VIRTUAL TABLE pages USING fts4(subject, body, notindexed=subject); INSERT INTO pages (docid, subject, body) VALUES (1, 'secret', 'running'), (2, 'b', 'run')`,
      },
      async (run) => {
        const find = (word: string): Promise<readonly (readonly unknown[])[]> =>
          run.query(`SELECT rowid::text FROM ${run.name('pages')} WHERE search @@ to_tsquery('simple', '${word}')`);
        assert.deepEqual([await find('run'), await find('secret')], [[['2']], []]);
      },
    ));

  it('an index over the texts of a table belongs to that table; one without texts is left out and said so', () =>
    setting.migrate(
      {
        sql: `CREATE TABLE doc (id INTEGER PRIMARY KEY, "Search" TEXT, Body TEXT, other INT);
          INSERT INTO doc VALUES (1, 'a', 'quick brown fox', 1), (2, NULL, NULL, 2);
          CREATE VIRTUAL TABLE doc_fts USING fts5("search", body, content='doc', content_rowid='id');
          CREATE VIRTUAL TABLE words USING fts5(body, content=''); INSERT INTO words VALUES ('lost');`,
        options: { identifiers: 'lower' },
      },
      async (run) => {
        assert.deepEqual(
          run.result.tables.map(({ from }) => from),
          ['doc'],
        );
        const [fullText] = [run.plan.tables[0]?.fullText ?? []].flat();
        assert.deepEqual([fullText?.from, fullText?.config], [['search', 'body'], 'simple']);
        const column = String(fullText?.column);
        assert.notEqual(column, 'search', 'that name is taken');
        assert.deepEqual(await run.query(`SELECT id::text FROM ${run.name('doc')} WHERE "${column}" @@ to_tsquery('simple', 'fox')`), [
          ['1'],
        ]);
        const said = run.planned.warnings.map(({ message }) => message).join('\n');
        assert.match(said, /doc_fts is left out: full-text index \(fts5\) over the texts of doc, which has them itself/);
        assert.match(said, /words is left out: full-text index \(fts5\) that keeps no texts/);
        assert.match(run.reportText, /keeps no texts/);
      },
    ));

  it('texts that may hold more words than a tsvector are carried without one', () =>
    setting.migrate(
      {
        sql: `CREATE VIRTUAL TABLE big USING fts5(body);
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) INSERT INTO big SELECT group_concat('w' || i, ' ') FROM n;`,
      },
      async (run) => {
        assert.equal(run.plan.tables[0]?.fullText ?? null, null);
        assert.deepEqual(await run.query(`SELECT length(body) > 1000000 FROM ${run.name('big')}`), [[true]]);
        assert.match(run.reportText, /Full-text search of big is not carried over: a row has up to 1\d{6} bytes of text/);
      },
    ));
});

describeCase('FT', 'search columns of any table, each with a configuration of its own', (setting) => {
  const columns = [
    { column: 'stems', from: ['title', 'body'], config: 'english' },
    { column: 'deutsch', from: ['body'], config: 'pg_catalog.german' },
    { column: 'words', from: ['title'], config: 'simple' },
  ];

  it('are made of delimited text, with an index each', () =>
    setting.migrate(
      {
        text: { name: 'doc.csv', bytes: 'id,title,body\n1,Running foxes,viele Häuser\n2,The fox,ein Haus\n', records: 2 },
        edit: (plan) => void Object.assign(plan.tables[0] as object, { fullText: columns }),
      },
      async (run) => {
        const table = run.name(String(run.plan.tables[0]?.to));
        const found = await run.query(
          `SELECT id::text, stems @@ to_tsquery('english', 'run') AS stemmed, deutsch @@ to_tsquery('german', 'Haus') AS german, words @@ to_tsquery('simple', 'foxes') AS exact FROM ${table} ORDER BY id`,
        );
        assert.deepEqual(found, [
          ['1', true, true, true],
          ['2', false, true, false],
        ]);
        const indexes = await run.query(
          `SELECT count(*) FROM pg_indexes WHERE schemaname = '${run.schema}' AND indexdef LIKE '%USING gin%'`,
        );
        assert.deepEqual(indexes, [['3']]);
      },
    ));

  it('a row with more words than a tsvector holds is set aside, and only that row', () =>
    setting.migrate(
      {
        text: {
          name: 'doc.csv',
          bytes: `id,title,body\n1,a,short\n2,b,${Array.from({ length: 200_000 }, (_, i) => `w${i}`).join(' ')}\n3,c,short\n`,
          records: 3,
        },
        edit: (plan) => void Object.assign(plan.tables[0] as object, { fullText: columns }),
      },
      (run) => {
        assert.deepEqual(
          run.rejects.map(({ code, message }) => [code, /tsvector/.test(message)]),
          [['server-refused', true]],
        );
        assert.equal(run.result.tables[0]?.rowsWritten, 2);
      },
    ));
});
