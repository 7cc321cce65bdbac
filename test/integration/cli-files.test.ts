import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InspectResult } from '../../src/core/index.ts';
import type { PlanInput } from '../../src/core/plan/plan-schema.ts';
import { withFiles } from '../helpers/lay-files.ts';
import { parseFailure, parseJson, runCli } from '../helpers/run-cli.ts';

const laid = { 'data/scf_v1.csv': 'id,a\n1,x\n', 'data/scf_v2.csv': 'id,b\n2,y\n', 'data/other.csv': 'k\n7\n' };

describe('sets of files on the command line', function () {
  this.timeout(120_000);

  it('a quoted glob is one store, in inspect and in a plan that is named after it', () =>
    withFiles(laid, async (cwd) => {
      const inspected = parseJson(await runCli(['inspect', 'data/scf_v*.csv', '--json'], { cwd })) as InspectResult;
      assert.deepEqual(
        inspected.stores.map(({ tables }) => tables.map(({ name, rows, columns }) => [name, rows, columns.map((column) => column.name)])),
        [[['scf', 2, ['id', 'a', 'b']]]],
      );
      assert.equal((await runCli(['plan', 'data/scf_v*.csv'], { cwd })).code, 0);
      const plan = JSON.parse(await readFile(join(cwd, 'scf.sluice.json'), 'utf8')) as PlanInput;
      assert.equal(plan.sources['main']?.path, 'data/scf_v*.csv');
    }));

  it('files that a shell lists are a store each, and a folder is one', () =>
    withFiles(laid, async (cwd) => {
      const plan = parseJson(await runCli(['plan', 'data/scf_v1.csv', 'data/scf_v2.csv', '--json'], { cwd })) as PlanInput;
      assert.deepEqual(Object.keys(plan.sources), ['scf_v1', 'scf_v2']);
      const folder = parseJson(await runCli(['plan', 'data', '--json'], { cwd })) as PlanInput;
      assert.deepEqual(
        folder.tables.map(({ from }) => from),
        ['other', 'scf_v1', 'scf_v2'],
      );
    }));

  it('a glob that matches nothing is told', () =>
    withFiles(laid, async (cwd) => {
      const outcome = await runCli(['inspect', 'data/*.tsv', '--json'], { cwd });
      assert.equal(parseFailure(outcome).code, 'no-matching-files');
    }));
});
