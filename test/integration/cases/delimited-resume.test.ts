import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describeOnBothTargets } from '../../helpers/engine.ts';
import { planOfRows, resumeInTheMiddle } from '../../helpers/resume-in-the-middle.ts';

const rows = 200_000;
/** A chunk is larger than a file, so that each border of chunks lies behind borders of files. */
const perFile = 1_000;
/** Long enough for several chunks, so that the cancel comes between two of them. */
const filling = '-'.repeat(60);

const plan = planOfRows({ kind: 'delimited', path: 'rows/*.csv*' }, { jobs: 1 });

describeOnBothTargets('C13 a run over many files that ends in the middle', (withBench) => {
  it('is resumed behind the last committed chunk, across files; no row is lost or there twice', () =>
    withBench('', async (bench) => {
      mkdirSync(join(bench.folder, 'rows'));
      for (let file = 0; file < rows / perFile; file++) {
        const name = `part-${String(file).padStart(3, '0')}.csv`;
        const lines = Array.from({ length: perFile }, (_, i) => file * perFile + i);
        // Every other file has its columns the other way round, every tenth is compressed.
        const text =
          file % 2 === 0
            ? `id,name\n${lines.map((id) => `${id},item ${id}${filling}\n`).join('')}`
            : `name;id\n${lines.map((id) => `"item ${id}${filling}";${id}\n`).join('')}`;
        if (file % 10 === 0) writeFileSync(join(bench.folder, 'rows', `${name}.gz`), gzipSync(text));
        else writeFileSync(join(bench.folder, 'rows', name), text);
      }
      const committed = await resumeInTheMiddle(bench, plan, rows);
      assert.ok(committed > 0, 'cancelled too early');
      assert.deepEqual(await bench.target.query('SELECT count(*) FROM public.item'), [String(rows)]);
      assert.deepEqual(
        await bench.target.query(`SELECT count(DISTINCT id) FROM public.item WHERE name = 'item ' || id || repeat('-', 60)`),
        [String(rows)],
      );
    }));
});
