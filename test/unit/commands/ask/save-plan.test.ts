import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canWriteTo, writeNewPlan, writePlanAs } from '../../../../src/commands/ask/save-plan.ts';

describe('saving a plan', () => {
  let folder: string;
  const inside = (name: string): string => join(folder, name);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-plan-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('never writes over a plan: the next gets a number', async () => {
    writeFileSync(inside('a.sluice.json'), 'edited by hand');
    assert.equal(await writeNewPlan(folder, 'a', 'new'), inside('a-2.sluice.json'));
    assert.equal(await writeNewPlan(folder, 'a', 'newer'), inside('a-3.sluice.json'));
    assert.equal(readFileSync(inside('a.sluice.json'), 'utf8'), 'edited by hand');
  });

  it('never writes through a link, also not one that leads nowhere', async () => {
    mkdirSync(inside('elsewhere'));
    symlinkSync(inside('elsewhere/profile'), inside('a.sluice.json'));
    assert.equal(await writeNewPlan(folder, 'a', 'new'), inside('a-2.sluice.json'));
    assert.equal(existsSync(inside('elsewhere/profile')), false);
  });

  it('takes names as they are', async () => {
    for (const name of ['ünï cödé 表', 'a.b', '-rf', '$(x) `y` [z](command:a)', 'C:\\x', '...'])
      assert.equal(readFileSync(await writeNewPlan(folder, name, name), 'utf8'), name);
    assert.equal(readdirSync(folder).length, 6);
  });

  it('replaces only the very file that the user named', async () => {
    writeFileSync(inside('a.sluice.json'), 'old');
    assert.equal(await writePlanAs(inside('a.sluice.json'), 'new'), inside('a.sluice.json'));
    assert.equal(readFileSync(inside('a.sluice.json'), 'utf8'), 'new');
    for (const name of ['a', 'a.json']) assert.match(await writePlanAs(inside(name), 'other'), /a-\d\.sluice\.json$/);
    assert.equal(readFileSync(inside('a.sluice.json'), 'utf8'), 'new');
    assert.equal(existsSync(inside('a')), false);
  });

  it('says why a file cannot be written', async () => {
    await assert.rejects(writeNewPlan(inside('none'), 'a', ''), { code: 'cannot-write-file', message: /its folder does not exist/ });
    await assert.rejects(writeNewPlan(folder, 'x'.repeat(300), ''), { code: 'cannot-write-file', message: /its name is too long/ });
    assert.equal(await canWriteTo(inside('none')), false);
    assert.equal(await canWriteTo(folder), true);
  });
});
