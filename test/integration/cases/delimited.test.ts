import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { columnOf, describeCase, type CaseStore } from '../../helpers/case-setting.ts';

/** A file `t.csv` with a header and some lines; `records` are counted by hand. */
function csv(records: number, text: string | Uint8Array, rest: Partial<CaseStore> = {}): CaseStore {
  return { text: { name: 't.csv', bytes: text, records }, ...rest };
}

/** 1,000 good records: an id and a value that `good` makes of it. */
function goodLines(good: (n: number) => string): string {
  return Array.from({ length: 1_000 }, (_, i) => `${1_001 + i},${good(i + 1)}\n`).join('');
}

const warned = (run: { planned: { warnings: readonly { code: string; message: string }[] } }, code: string): string =>
  run.planned.warnings.find((warning) => warning.code === code)?.message ?? '';

describeCase('C01', 'semicolons and a decimal comma', (setting) => {
  const text = 'id;amount;rate\n1;1.234,56;0,5\n2;-12,00;1,25\n3;7;3\n';

  it('stays text and the plan asks', () =>
    setting.migrate(csv(3, text), async (run) => {
      assert.deepEqual(
        ['id', 'amount', 'rate'].map((name) => run.column(name).type),
        ['bigint', 'text', 'text'],
      );
      assert.match(warned(run, 'ambiguous-text'), /amount.*decimal comma.*"convert": "decimal-comma"/s);
      assert.deepEqual(await run.cells('amount'), ['1.234,56', '-12,00', '7']);
      assert.equal((run.plan.sources['main'] as { delimiter?: string }).delimiter, ';');
    }));

  it('is numeric 1234.56 when the plan confirms it', () =>
    setting.migrate(
      csv(3, text, {
        edit: (plan) => {
          for (const name of ['amount', 'rate']) Object.assign(columnOf(plan, name), { type: 'numeric', convert: 'decimal-comma' });
        },
      }),
      async (run) => {
        assert.deepEqual(await run.cells('amount'), ['1234.56', '-12.00', '7']);
        assert.deepEqual(await run.cells('rate'), ['0.5', '1.25', '3']);
        assert.deepEqual([run.result.status, run.losses(), run.rejects], ['done', {}, []]);
      },
    ));

  it('a text of another form is rejected', () =>
    setting.migrate(
      csv(3, 'id;v\n1;1,5\n2;1.5\n3;1,2,3\n', {
        edit: (plan) => void Object.assign(columnOf(plan, 'v'), { type: 'numeric', convert: 'decimal-comma' }),
      }),
      async (run) => {
        assert.deepEqual(await run.cells('v'), ['1.5']);
        assert.deepEqual(
          run.rejects.map(({ provenance, column, code, value }) => [provenance, column, code, value]),
          [
            ['t.csv line 3, byte 11', 'v', 'wrong-type', '1.5'],
            ['t.csv line 4, byte 17', 'v', 'wrong-type', '1,2,3'],
          ],
        );
      },
    ));
});

describeCase('C02', 'quoted newlines, doubled quotes and backslashes', (setting) => {
  it('a quoted newline and "" are part of one record', () =>
    setting.migrate(csv(2, 'id,v\n1,"two\nlines, ""quoted"""\n2,"end\\"\n'), async (run) => {
      assert.deepEqual(await run.cells('v'), ['two\nlines, "quoted"', 'end\\']);
      assert.deepEqual(run.rejects, []);
    }));

  it('\\" is a quote where backslashes escape, and a doubled one as well', () =>
    setting.migrate(csv(3, 'id,v\n1,"say \\"hi\\", twice"\n2,"C:\\\\dir and \\n"\n3,"a ""b"" c"\n'), async (run) => {
      assert.equal((run.plan.sources['main'] as { escape?: string }).escape, '\\');
      assert.deepEqual(await run.cells('v'), ['say "hi", twice', 'C:\\dir and \\n', 'a "b" c']);
    }));

  it('\\" that comes late in a long file is found by the check of the whole file', () => {
    const lines = Array.from({ length: 40_000 }, (_, i) => `${i + 1},"plain words, number ${i + 1}"\n`).join('');
    return setting.migrate(csv(40_001, `id,v\n${lines}40001,"say \\"hi\\", twice"\n`), async (run) => {
      assert.equal((run.plan.sources['main'] as { escape?: string }).escape, '\\');
      assert.deepEqual(await run.query(`SELECT v FROM ${run.name('t')} WHERE id = 40001`), [['say "hi", twice']]);
      assert.deepEqual(run.rejects, []);
    });
  });

  it('a quote that is never closed is named before anything is created', () =>
    setting.plan(csv(1, 'id,v\n1,"open\n2,two\n')).then(
      () => assert.fail('planned'),
      (error: unknown) => {
        assert.equal((error as { code?: string }).code, 'unreadable-records');
        assert.match(String(error), /line 2 opens a quote that is never closed/);
      },
    ));
});

describeCase('C03', 'byte order marks and encodings', (setting) => {
  const text = 'id,näme\n1,é\n2,€ 🎈\n';

  it('UTF-8 with a mark: the header is clean', () =>
    setting.migrate(csv(2, `\ufeff${text}`), async (run) => {
      assert.deepEqual(await run.cells('näme'), ['é', '€ 🎈']);
      assert.equal(run.plan.sources['main']?.['encoding'], 'utf-8');
      assert.ok(run.planned.plan.notes?.some((note) => note.includes('The encoding is UTF-8, which the first bytes tell')));
    }));

  for (const [name, encode] of [
    ['UTF-16LE', (from: string): Buffer => Buffer.from(from, 'utf16le')],
    ['UTF-16BE', (from: string): Buffer => Buffer.from(from, 'utf16le').swap16()],
  ] as const)
    it(`${name} with a mark`, () =>
      setting.migrate(csv(2, encode(`\ufeff${text}`)), async (run) => {
        assert.deepEqual(await run.cells('näme'), ['é', '€ 🎈']);
        assert.equal(run.plan.sources['main']?.['encoding'], name.toLowerCase());
      }));

  it('Latin-1 and Windows-1252: é and € are right, and the plan shows why', () =>
    setting.migrate(csv(3, Buffer.from('id,n\xe4me\n1,caf\xe9\n2,\x80 5\n3,plain\n', 'latin1')), async (run) => {
      assert.deepEqual(await run.cells('näme'), ['café', '€ 5', 'plain']);
      assert.equal(run.plan.sources['main']?.['encoding'], 'windows-1252');
      assert.ok(
        run.planned.plan.notes?.some((note) => note.includes('Windows-1252: 2 of 2 records that are not ASCII are not valid UTF-8')),
      );
    }));

  it('a byte that Windows-1252 does not have is rejected with its bytes', () =>
    setting.migrate(
      csv(2, Buffer.from('id,v\n1,\x81\xe9\n2,ok\n', 'latin1'), {
        edit: (plan) => void Object.assign(columnOf(plan, 'v'), { type: 'text' }),
      }),
      async (run) => {
        assert.deepEqual(await run.cells('v'), ['ok']);
        assert.deepEqual(
          run.rejects.map(({ provenance, code }) => [provenance, code]),
          [['t.csv line 2, byte 5', 'invalid-text']],
        );
      },
    ));
});

describeCase('C04', 'records with 4 and 6 fields under 5 headers', (setting) => {
  const text = 'id,b,c,d,e\n1,2,3,4,5\n2,2,3,4\n3,2,3,4,5,6\n4,2,3,4,"x"y\n5,2,3,4,5\n';

  it('are rejects with their line and their own bytes; their neighbours are loaded', () =>
    setting.migrate(csv(5, text), async (run) => {
      assert.deepEqual(await run.cells('e'), ['5', '5']);
      assert.deepEqual(
        run.rejects.map(({ provenance, column, code, message, value }) => [provenance, column, code, message, value]),
        [
          ['t.csv line 3, byte 21', null, 'unreadable-record', 'The record has 4 fields instead of 5', '2,2,3,4'],
          ['t.csv line 4, byte 29', null, 'unreadable-record', 'The record has 6 fields instead of 5', '3,2,3,4,5,6'],
          [
            't.csv line 5, byte 41',
            null,
            'unreadable-record',
            'The record has text between a closing quote and the next delimiter',
            '4,2,3,4,"x"y',
          ],
        ],
      );
      assert.match(warned(run, 'not-carried'), /3 records that are not carried over but kept as rejects: line 3 has 4 fields instead of 5/);
      assert.equal(run.result.status, 'partial');
    }));

  it('refuse the run before a row is written where rejects stop it', async () => {
    const error = await setting.refuse(csv(5, text, { options: { onReject: 'stop' } }), 'rejects-expected');
    assert.match(error.message + JSON.stringify(error.context), /whole record/);
  });
});

describeCase('C05', 'a header with empty and doubled names', (setting) => {
  it('gives each column a name of its own, and tells', () =>
    setting.migrate(csv(1, 'a,a,,"A"\nw,x,y,z\n'), async (run) => {
      const columns = run.plan.tables[0]?.columns?.map(({ from, to }) => [from, to]);
      assert.deepEqual(
        columns,
        ['a', 'a_2', 'column_3', 'A'].map((name) => [name, name]),
      );
      assert.deepEqual(await run.query(`SELECT a, a_2, column_3, "A" FROM ${run.name('t')}`), [['w', 'x', 'y', 'z']]);
      const notes = run.plan.notes?.join('\n') ?? '';
      assert.match(notes, /Column 2 is called a_2, because a is the name of a column before it/);
      assert.match(notes, /Column 3 is called column_3, because the header has no name there/);
      assert.match(run.reportText, /column_3/);
    }));
});

describeCase('C06', 'an empty field and an empty text', (setting) => {
  it('are NULL and an empty text', () =>
    setting.migrate(csv(3, 'id,v\n1,\n2,""\n3,x\n'), async (run) => {
      assert.deepEqual(await run.cells('v'), [null, '', 'x']);
    }));

  it('an empty text among numbers counts as NULL, and is counted', () =>
    setting.migrate(csv(3, 'id,v\n1,\n2,""\n3,7\n'), async (run) => {
      assert.equal(run.column('v').type, 'bigint');
      assert.deepEqual(await run.cells('v'), [null, null, '7']);
      assert.deepEqual(run.losses(), { 'v: empty as null': 1 });
    }));
});

describeCase('C07', 'texts that are nearly numbers', (setting) => {
  it('stay text', () =>
    setting.migrate(csv(2, 'id,zeros,exponent,plus,hex\n1,00123,1e5,+1,0x1F\n2,00007,2e5,+2,0x20\n'), async (run) => {
      for (const name of ['zeros', 'exponent', 'plus', 'hex']) assert.equal(run.column(name).type, 'text', name);
      assert.deepEqual(await run.query(`SELECT zeros, exponent, plus, hex FROM ${run.name('t')} WHERE id = '1'`), [
        ['00123', '1e5', '+1', '0x1F'],
      ]);
    }));

  it('1e5 is a number by rule', () =>
    setting.migrate(
      csv(2, 'id,v\n1,1e5\n2,2.5e-1\n', { edit: (plan) => void Object.assign(columnOf(plan, 'v'), { type: 'numeric' }) }),
      async (run) => assert.deepEqual(await run.cells('v'), ['100000', '0.25']),
    ));
});

describeCase('C08', 'a text at record 100,001 of a column of integers', (setting) => {
  const text = `id,v\n${Array.from({ length: 100_000 }, (_, i) => `${i + 1},${i}\n`).join('')}100001,x\n`;

  it('is found by the profile before anything is loaded', () =>
    setting.migrate(csv(100_001, text), async (run) => {
      assert.equal(run.column('v').type, 'text');
      assert.match(run.column('v').evidence ?? '', /100000 plain numbers/);
      assert.deepEqual(await run.query(`SELECT count(*)::text FROM ${run.name('t')}`), [['100001']]);
    }));

  it('refuses a run that wants integers, before a row is written', async () => {
    const edit = (plan: Parameters<NonNullable<CaseStore['edit']>>[0]): void => void Object.assign(columnOf(plan, 'v'), { type: 'bigint' });
    const error = await setting.refuse(csv(100_001, text, { options: { onReject: 'stop' }, edit }), 'rejects-expected');
    assert.match(JSON.stringify(error.context), /t\.csv line 100002, byte \d+/);
  });
});

describeCase('C09', 'days of which none is above 12', (setting) => {
  it('stay text, and the plan asks', () =>
    setting.migrate(csv(2, 'id,v\n1,03/04/2024\n2,12/11/2024\n'), async (run) => {
      assert.equal(run.column('v').type, 'text');
      assert.match(warned(run, 'ambiguous-text'), /day\/month\/year and as month\/day\/year.*"date-dmy" or "date-mdy"/);
      assert.deepEqual(await run.cells('v'), ['03/04/2024', '12/11/2024']);
    }));

  for (const [convert, expected] of [
    ['date-dmy', ['2024-04-03', '2024-11-12']],
    ['date-mdy', ['2024-03-04', '2024-12-11']],
  ] as const)
    it(`are read by ${convert} when the plan says so`, () =>
      setting.migrate(
        csv(2, 'id,v\n1,03/04/2024\n2,12/11/2024\n', {
          edit: (plan) => void Object.assign(columnOf(plan, 'v'), { type: 'date', convert }),
        }),
        async (run) => assert.deepEqual(await run.cells('v'), expected),
      ));

  it('one day above 12 settles the order, and the plan shows it', () =>
    setting.migrate(csv(2, 'id,v\n1,03/04/2024\n2,31.12.2024\n'), async (run) => {
      assert.deepEqual([run.column('v').type, run.column('v').convert], ['date', 'date-dmy']);
      assert.match(run.column('v').evidence ?? '', /2 days as day\/month\/year, 1 day as month\/day\/year/);
      assert.deepEqual(await run.cells('v'), ['2024-04-03', '2024-12-31']);
    }));
});

describeCase('C10', 'NA, null, N/A and - among numbers', (setting) => {
  const text = `id,v,code\n1,NA,NA\n2,null,DE\n3,N/A,FR\n4,-,-\n${goodLines((n) => `${n},DE`)}`;

  it('stand for NULL in that column, are shown in the plan and counted', () =>
    setting.migrate(csv(1_004, text), async (run) => {
      assert.deepEqual([run.column('v').type, run.column('v').nullTokens], ['bigint', ['NA', 'null', 'N/A', '-']]);
      assert.match(warned(run, 'null-tokens'), /NA \(1\), null \(1\), N\/A \(1\), - \(1\)/);
      assert.deepEqual((await run.cells('v')).slice(0, 5), [null, null, null, null, '1']);
      assert.deepEqual(run.losses(), { 'v: null token': 4 });
    }));

  it('are words among words', () =>
    setting.migrate(csv(1_004, text), async (run) => {
      assert.equal(run.column('code').type, 'text');
      assert.deepEqual((await run.cells('code')).slice(0, 4), ['NA', 'DE', 'FR', '-']);
    }));
});

describeCase('C11', 'line ends, a total line, NUL and gzip', (setting) => {
  it('CR alone ends lines', () =>
    setting.migrate(csv(2, 'id,v\r1,a\r2,b\r'), async (run) => assert.deepEqual(await run.cells('v'), ['a', 'b'])));

  it('mixed line ends are all line ends', () =>
    setting.migrate(csv(4, 'id,v\r\n1,a\n2,b\r3,c\r\n4,d'), async (run) => {
      assert.deepEqual(await run.cells('v'), ['a', 'b', 'c', 'd']);
      assert.equal(run.plan.sources['main']?.['lineEnds'], 'any');
    }));

  it('a trailing total line of another width is a reject', () =>
    setting.migrate(csv(4, 'id,v,w\n1,a,5\n2,b,6\n3,c,7\nTotal,18\n\n'), async (run) => {
      assert.equal(run.column('id').type, 'bigint');
      assert.deepEqual(
        run.rejects.map(({ provenance, code, value }) => [provenance, code, value]),
        [['t.csv line 5, byte 25', 'unreadable-record', 'Total,18']],
      );
      assert.ok(run.plan.notes?.some((note) => note.includes('1 empty line or comment is passed over')));
    }));

  it('a NUL byte is never cut: the row is rejected', () =>
    setting.migrate(
      csv(2, 'id,v\n1,a\0b\n2,ok\n', { edit: (plan) => void Object.assign(columnOf(plan, 'v'), { type: 'text' }) }),
      async (run) => {
        assert.deepEqual(await run.cells('v'), ['ok']);
        assert.deepEqual(
          run.rejects.map(({ code, value }) => [code, value]),
          [['nul-byte', 'a\0b']],
        );
      },
    ));

  it('.gz is read', () =>
    setting.migrate({ text: { name: 't.csv.gz', bytes: gzipSync('id,v\n1,a\n2,"b\nc"\n'), records: 2 } }, async (run) =>
      assert.deepEqual(await run.cells('v'), ['a', 'b\nc']),
    ));

  it('a .gz that is cut off is named before anything is created', () =>
    setting.plan({ text: { name: 't.csv.gz', bytes: gzipSync(`id,v\n${goodLines(String)}`).subarray(0, 1_500), records: 0 } }).then(
      () => assert.fail('planned'),
      (error: unknown) => assert.equal((error as { code?: string }).code, 'unreadable-records'),
    ));
});

describeCase('C12', 'a line of \\. and a field of 5 MB', (setting) => {
  it('are loaded as they are', () => {
    const large = 'x"y,\n'.repeat(1_000_000);
    return setting.migrate(csv(3, `id,v\n1,\\.\n2,"${large.replaceAll('"', '""')}"\n3,"\\.\n\\.\n"\n`), async (run) => {
      const rows = await run.query(
        `SELECT id::text, length(v)::text, md5(v) = md5(repeat(E'x"y,\\n', 1000000)) FROM ${run.name('t')} ORDER BY id`,
      );
      assert.deepEqual(rows, [
        ['1', '2', false],
        ['2', '5000000', true],
        ['3', '6', false],
      ]);
      assert.deepEqual(await run.query(`SELECT v FROM ${run.name('t')} WHERE id <> 2 ORDER BY id`), [['\\.'], ['\\.\n\\.\n']]);
    });
  });
});
