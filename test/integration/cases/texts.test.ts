import assert from 'node:assert/strict';
import type { PlanOptions } from '../../../src/core/plan/plan-schema.ts';
import { amongGoodRows, describeCase } from '../../helpers/case-setting.ts';

type Policy = readonly [
  policy: string,
  options: Partial<PlanOptions>,
  type: string,
  first: string,
  losses: Readonly<Record<string, number>>,
];

describeCase('S10', 'a NUL character in a text', (setting) => {
  const store = amongGoodRows('TEXT', ["'a' || char(0) || 'b'", "'ok'"], `'word ' || n`);

  it('rejected by default, with its bytes; its neighbours are loaded', () =>
    setting.migrate(store, async (run) => {
      assert.equal(run.column('v').type, 'text');
      assert.deepEqual(
        run.rejects.map(({ provenance, column, code, value }) => [provenance, column, code, value]),
        [['rowid 1', 'v', 'nul-byte', 'a\0b']],
      );
      assert.deepEqual((await run.cells('v'))[0], 'ok');
      assert.match(run.reportText, /rowid 1 .*nul-byte/);
      await run.compare('t', { id: 'integer', v: 'text' }, 'id <> 1');
    }));

  const policies: readonly Policy[] = [
    ['strip', { nulBytes: 'strip' }, 'text', 'ab', { 'v: NUL stripped': 1 }],
    ['replace', { nulBytes: 'replace' }, 'text', 'a\ufffdb', { 'v: NUL replaced': 1 }],
    ['bytea', { nulBytes: 'bytea' }, 'bytea', '\\x610062', { 'v: NUL kept as bytes': 1, 'v: text as bytes': 1001 }],
  ];
  for (const [policy, options, type, first, losses] of policies) {
    it(`with nulBytes "${policy}" it is loaded and counted once`, () =>
      setting.migrate({ ...store, options }, async (run) => {
        assert.equal(run.column('v').type, type);
        assert.deepEqual((await run.cells('v'))[0], first);
        assert.deepEqual([run.result.status, run.losses()], ['done', losses]);
        for (const change of Object.keys(losses)) assert.ok(run.reportText.includes(change.slice(3)));
      }));
  }
});

describeCase('S11', 'bytes that are not UTF-8 in a text', (setting) => {
  const store = amongGoodRows('TEXT', ["CAST(x'61FF62' AS TEXT)", "'ok'"], `'word ' || n`);

  it('rejected by default with its bytes; the next row is loaded', () =>
    setting.migrate(store, async (run) => {
      assert.deepEqual(
        run.rejects.map(({ provenance, column, code }) => [provenance, column, code]),
        [['rowid 1', 'v', 'invalid-text']],
      );
      assert.deepEqual((await run.cells('v'))[0], 'ok');
      await run.compare('t', { id: 'integer', v: 'text' }, 'id <> 1');
    }));

  const policies: readonly Policy[] = [
    ['latin1', { invalidText: 'latin1' }, 'text', 'aÿb', { 'v: read as Latin-1': 1 }],
    ['replace', { invalidText: 'replace' }, 'text', 'a\ufffdb', { 'v: invalid bytes replaced': 1 }],
    ['bytea', { invalidText: 'bytea' }, 'bytea', '\\x61ff62', { 'v: invalid text kept as bytes': 1, 'v: text as bytes': 1001 }],
  ];
  for (const [policy, options, type, first, losses] of policies) {
    it(`with invalidText "${policy}" it is loaded and counted once`, () =>
      setting.migrate({ ...store, options }, async (run) => {
        assert.equal(run.column('v').type, type);
        assert.deepEqual((await run.cells('v')).slice(0, 2), type === 'bytea' ? [first, '\\x6f6b'] : [first, 'ok']);
        assert.deepEqual([run.result.status, run.losses()], ['done', losses]);
      }));
  }
});

describeCase('S32', 'JSON that jsonb cannot hold', (setting) => {
  const store = amongGoodRows('JSON', [`'{"a": [1, 2.50, null], "b": "é"}'`, `'{bad'`, `'{"k":"\\u0000"}'`], `json_object('n', n)`);

  it('valid documents are jsonb, the others are rejected singly', () =>
    setting.migrate(store, async (run) => {
      assert.equal(run.column('v').type, 'jsonb');
      assert.deepEqual(
        run.rejects.map(({ provenance, code, value }) => [provenance, code, value]),
        [
          ['rowid 2', 'invalid-json', '{bad'],
          ['rowid 3', 'invalid-json', '{"k":"\\u0000"}'],
        ],
      );
      await run.compare('t', { id: 'integer', v: 'json' }, 'id NOT IN (2, 3)');
    }));

  it('when more than 1 % are no JSON the column is text and nothing is lost', () =>
    setting.migrate({ sql: `${store.sql} DELETE FROM t WHERE id > 1050;` }, async (run) => {
      assert.equal(run.column('v').type, 'text');
      await run.compare('t', { id: 'integer', v: 'text' });
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    }));
});

describeCase('S35', 'a text longer than its VARCHAR', (setting) => {
  it('is never cut: the column is text', () =>
    setting.migrate(amongGoodRows('VARCHAR(3)', ["'abcdef'"], `'abc'`), async (run) => {
      assert.equal(run.column('v').type, 'text');
      assert.deepEqual((await run.cells('v'))[0], 'abcdef');
      await run.compare('t', { id: 'integer', v: 'text' });
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    }));
});

describeCase('S37', 'texts that text formats stumble over', (setting) => {
  const values = ["'a' || char(9) || 'b'", "'a' || char(13, 10) || 'b'", "char(10) || '\\.' || char(10)", "'\\N'", "''", "'\\.'", 'NULL'];

  it('are equal byte by byte; \\N and the empty text are not NULL', () =>
    setting.migrate(amongGoodRows('TEXT', values, `'word ' || n`), async (run) => {
      assert.deepEqual((await run.cells('v')).slice(0, 7), ['a\tb', 'a\r\nb', '\n\\.\n', '\\N', '', '\\.', null]);
      await run.compare('t', { id: 'integer', v: 'text' });
      assert.deepEqual([run.result.status, run.losses()], ['done', {}]);
    }));
});
