import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { verifyMigration } from '../../../src/core/index.ts';
import { describeCase, type CaseRun, type CaseStore } from '../../helpers/case-setting.ts';
import { layFiles, type Files } from '../../helpers/lay-files.ts';

/** Files below the store's folder, named by `location`; `records` are counted by hand, by table. */
function files(location: string, records: Readonly<Record<string, number>>, laid: Files, rest: Partial<CaseStore> = {}): CaseStore {
  return {
    make: {
      create: async (folder) => {
        await layFiles(folder, laid);
        return join(folder, location);
      },
      count: async (_location, tables) => tables.map((table) => [table, records[table] ?? -1] as const),
    },
    ...rest,
  };
}

const typesOf = (run: CaseRun, table: string): Record<string, string | undefined> =>
  Object.fromEntries((run.plan.tables.find(({ from }) => from === table)?.columns ?? []).map(({ to, type }) => [to, type]));

const notesOf = (run: CaseRun): string => (run.plan.notes ?? []).join('\n');

describeCase('C13', 'a folder of partitions whose later file has more and wider columns', (setting) => {
  const laid = {
    'sales/year=2024/month=01/part.csv': 'id,v\n1,5\n2,6\n',
    'sales/year=2024/month=02/part.csv': 'extra,v,id\ntrue,2.5,3\nfalse,7,10000000000\n',
    'sales/year=__HIVE_DEFAULT_PARTITION__/month=%C3%A9/part.csv': 'id,v\n5,\n',
    'sales/_SUCCESS': '',
  };

  it('is one table: the union of the columns, and the names of the folders as text', () =>
    setting.migrate(files('sales', { sales: 5 }, laid), async (run) => {
      assert.deepEqual(typesOf(run, 'sales'), { id: 'bigint', v: 'numeric', extra: 'boolean', year: 'text', month: 'text' });
      assert.deepEqual(await run.query(`SELECT id::text, v::text, extra::text, year, month FROM ${run.name('sales')} ORDER BY id + 0`), [
        ['1', '5', null, '2024', '01'],
        ['2', '6', null, '2024', '01'],
        ['3', '2.5', 'true', '2024', '02'],
        ['5', null, null, null, 'é'],
        ['10000000000', '7', 'false', '2024', '02'],
      ]);
      assert.match(notesOf(run), /The column extra is missing in 2 of 3 files .*: NULL in 3 rows/);
      assert.match(notesOf(run), /The column month is the value of the folders month=…, as text/);
      assert.match(notesOf(run), /Passed over beside them: _SUCCESS, whose name begins with _/);
      assert.deepEqual([run.result.status, run.losses('sales')], ['done', {}]);
    }));
});

describeCase('C14', 'files of one table that are written in different ways', (setting) => {
  const laid = {
    'scf_v1.csv': 'id,name,amount\n1,Ada,5\n2,Bob,6\n2,Bob\n',
    'scf_v2.csv': Buffer.from('\ufeffname;id;currency\r\n"Zoë; the 1st";3;EUR\r\n', 'utf16le'),
    'scf_v3.tsv.gz': gzipSync('id\tname\tamount\n4\tDan\t7\n'),
    'scf_v4.csv': Buffer.from('id|name|amount\n5|Ren\xe9|8\n', 'latin1'),
    'scf_v5.csv': '',
    'other.csv': 'a,b\n1,2\n',
  };

  it('a glob makes one table of them; what differs stands in the plan, and rejects have their file', () =>
    setting.migrate(files('scf_v*', { scf: 6 }, laid), async (run) => {
      assert.deepEqual(typesOf(run, 'scf'), { id: 'bigint', name: 'text', amount: 'bigint', currency: 'text' });
      assert.deepEqual(await run.query(`SELECT id::text, name, amount::text, currency FROM ${run.name('scf')} ORDER BY id`), [
        ['1', 'Ada', '5', null],
        ['2', 'Bob', '6', null],
        ['3', 'Zoë; the 1st', null, 'EUR'],
        ['4', 'Dan', '7', null],
        ['5', 'René', '8', null],
      ]);
      const source = run.plan.sources['main'] as Record<string, unknown>;
      assert.deepEqual([source['path'], source['tables'], source['delimiter'], source['encoding']], ['store/scf_v*', 'one', ',', 'utf-8']);
      assert.deepEqual(source['files'], {
        'scf_v2.csv': { encoding: 'utf-16le', delimiter: ';' },
        'scf_v3.tsv.gz': { delimiter: '\t' },
        'scf_v4.csv': { encoding: 'windows-1252', delimiter: '|' },
      });
      assert.match(notesOf(run), /scf_v2\.csv: The delimiter is ";": 1 of 1 record has 3 fields\..*UTF-16LE, which the first bytes tell/);
      assert.match(notesOf(run), /scf_v5\.csv, which is empty/);
      assert.deepEqual(
        run.rejects.map(({ provenance, code, value }) => [provenance, code, value]),
        [['scf_v1.csv line 4, byte 31', 'unreadable-record', '2,Bob']],
      );
      assert.match(
        run.planned.warnings.find(({ code }) => code === 'not-carried')?.message ?? '',
        /1 record in scf_v1\.csv that is not carried over/,
      );
    }));

  it('a list in the plan is the same', () =>
    setting.migrate(
      files('scf_v*', { scf: 6 }, laid, {
        edit: (plan) =>
          void Object.assign(plan.sources['main'] ?? {}, {
            path: ['store/scf_v4.csv', 'store/scf_v1.csv', 'store/scf_v{2,5}.csv', 'store/scf_v3.tsv.gz'],
          }),
      }),
      async (run) => {
        assert.deepEqual(await run.query(`SELECT count(*)::int AS n, sum(id)::text FROM ${run.name('scf')}`), [[5, '15']]);
        assert.match(Object.values(run.result.sources)[0] ?? '', /scf_v4\.csv, .*scf_v1\.csv/);
        // The run remembers the list, so that it can be verified by its id.
        const input = { kind: 'run', runId: String(run.result.runId) } as const;
        const { signal } = new AbortController();
        assert.equal((await verifyMigration({ input, target: setting.at().choice, signal }, setting.deps())).status, 'match');
      },
    ));

  it('files without a header go by the places of their columns', () =>
    setting.migrate(files('p*.csv', { p: 4 }, { 'p1.csv': '1,a\n2,b\n', 'p2.csv': '3,c,true\n4,d,false\n' }), async (run) => {
      assert.deepEqual(await run.query(`SELECT * FROM ${run.name('p')} ORDER BY 1`), [
        ['1', 'a', null],
        ['2', 'b', null],
        ['3', 'c', true],
        ['4', 'd', false],
      ]);
    }));

  it('a header in some files only is refused', () =>
    assert.rejects(setting.plan(files('*.csv', {}, { 'a.csv': 'id,v\n1,x\n', 'b.csv': '2,y\n' })), { code: 'mixed-headers' }));

  it('files without a column in common are one table all the same, with a warning', () =>
    setting.migrate(files('*.csv', { store: 2 }, { 'a.csv': 'id,v\n1,x\n', 'b.csv': 'name,code\ny,2\n' }), (run) => {
      assert.match(run.planned.warnings.find(({ code }) => code === 'files-apart')?.message ?? '', /No column of a\.csv, b\.csv.*"each"/);
    }));
});

describeCase('C15', 'a folder that holds several tables', (setting) => {
  const laid = {
    'data/customers.csv': 'id,name\n1,Ada\n',
    'data/orders_2023.csv': 'id,customer,total\n1,1,5\n2,1,6\n',
    'data/orders_2024.csv': 'total,customer,id\n7,1,3\n',
    'data/events/a.csv': 'at,what\n2024-01-01,x\n',
    'data/events/b.csv': 'at,what\n2024-01-02,y\n',
    'data/README.md': '# Data\n\nSome words about it.\n',
  };

  it('has a table for each header, and says so', () =>
    setting.migrate(files('data', { customers: 1, orders: 3, events: 2 }, laid), async (run) => {
      assert.deepEqual(run.plan.tables.map(({ from }) => from).toSorted(), ['customers', 'events', 'orders']);
      assert.deepEqual((run.plan.sources['main'] as Record<string, unknown>)['tables'], {
        customers: ['customers.csv'],
        events: 'events/**',
        orders: ['orders_2023.csv', 'orders_2024.csv'],
      });
      assert.deepEqual(await run.query(`SELECT id::text, customer::text, total::text FROM ${run.name('orders')} ORDER BY 1`), [
        ['1', '1', '5'],
        ['2', '1', '6'],
        ['3', '1', '7'],
      ]);
      assert.match(notesOf(run), /The files of the folder are 3 tables, because only files whose headers have the same names are one/);
      assert.match(notesOf(run), /README\.md, which is no delimited text/);
    }));

  it('of which one file is each, when each has a header of its own', () =>
    setting.migrate(files('data', { a: 1, b: 1 }, { 'data/a.csv': 'id,x\n1,2\n', 'data/b.csv': 'id,y\n1,2\n' }), (run) => {
      assert.equal((run.plan.sources['main'] as Record<string, unknown>)['tables'], 'each');
    }));

  it('is one table when the headers are the same', () =>
    setting.migrate(files('data', { data: 2 }, { 'data/a.csv': 'id,x\n1,2\n', 'data/b.csv': 'id,x\n2,2\n' }), async (run) => {
      assert.deepEqual(await run.query(`SELECT id::text, x::text FROM ${run.name('data')} ORDER BY 1`), [
        ['1', '2'],
        ['2', '2'],
      ]);
    }));

  for (const [what, tables, wrong] of [
    ['without a file', { a: 'a.csv', b: 'b.csv', c: 'c*' }, /no file for c/],
    ['that share a file', { a: 'a.csv', b: '*.csv' }, /a\.csv belongs to a and to b/],
    ['that leave a file out', { a: 'a.csv' }, /b\.csv belongs to none/],
    ['that are none', 'some', /"one", "each"/],
  ] as const)
    it(`tables of the plan ${what} are refused`, async () => {
      const edit: CaseStore['edit'] = (plan) => void Object.assign(plan.sources['main'] ?? {}, { tables });
      const store = files('*.csv', {}, { 'a.csv': 'id,x\n1,2\n', 'b.csv': 'id,x\n1,2\n' }, { edit });
      assert.match((await setting.refuse(store, 'invalid-source-setting')).message, wrong);
    });
});

describeCase('C16', 'a set of files that is not what it was, or not what it says', (setting) => {
  const laid = { 'a.csv': 'id,x\n1,2\n', 'b.csv': 'id,x\n2,2\n' };
  const changes: readonly (readonly [what: string, change: Files])[] = [
    ['a file more', { 'c.csv': 'id,x\n3,2\n' }],
    ['a file changed', { 'b.csv': 'id,x\n2,3\n' }],
    ['a file empty now', { 'b.csv': '' }],
  ];
  for (const [what, change] of changes)
    it(`${what} between plan and run: stale-plan`, async () => {
      let folder = '';
      const store = files('*.csv', {}, laid, {
        // The plan is made by now.
        edit: () => Object.entries(change).forEach(([name, content]) => writeFileSync(join(folder, name), content)),
      });
      const create = async (into: string): Promise<string> => {
        folder = into;
        await layFiles(into, laid);
        return join(into, '*.csv');
      };
      // The test itself has changed the folder, which is noticed behind the refusal.
      await assert.rejects(setting.refuse({ ...store, make: { create, count: async () => [] } }, 'stale-plan'), /folder is as it was/);
    });

  const refusals: readonly (readonly [what: string, location: string, laid: Files, code: string])[] = [
    [
      'a file of a folder that is none though its name says so',
      'data',
      { 'data/a.csv': 'id,x\n1,2\n', 'data/b.csv': Buffer.from([0, 1, 2, 3, 4, 5, 6, 7]) },
      'unfit-file',
    ],
    ['a file of a glob that is none', 'data/*', { 'data/a.csv': 'id,x\n1,2\n', 'data/b.txt': '# Words\n' }, 'unfit-file'],
    ['a folder of two kinds', 'data', { 'data/a.csv': 'id,x\n1,2\n', 'data/b.parquet': 'PAR1.....PAR1' }, 'mixed-files'],
    ['a file with an open quote', '*.csv', { 'a.csv': 'id,x\n1,2\n', 'b.csv': 'id,x\n1,"2\n' }, 'unreadable-records'],
    ['a folder of empty files', 'data', { 'data/a.csv': '' }, 'unreadable-file'],
  ];
  for (const [what, location, store, code] of refusals)
    it(`${what}: ${code}`, () => assert.rejects(setting.plan(files(location, {}, store)), { code }));
});
