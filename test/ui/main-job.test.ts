import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { atWorkbench, patience } from '../helpers/at-workbench.ts';
import type { Editor } from '../helpers/editor.ts';
import { embeddedUiTarget, postgresUiTarget, type UiTarget } from '../helpers/ui-target.ts';
import type { Workbench } from '../helpers/workbench.ts';

for (const makeTarget of [postgresUiTarget, embeddedUiTarget]) {
  describe(`the main job as a user (${makeTarget === postgresUiTarget ? 'PostgreSQL' : 'embedded target'})`, function () {
    this.timeout(240_000);
    let folder: string;
    let target: UiTarget;
    let editor: Editor;
    let workbench: Workbench;
    let storeBefore: string;

    atWorkbench(
      {
        name: makeTarget === postgresUiTarget ? 'postgres' : 'embedded',
        async prepare(context, places) {
          storeBefore = hashOf(join(places.folder, 'widget-tdc.db'));
          target = await makeTarget(context, places.folder);
          return { env: target.environment };
        },
        remove: () => target?.remove(),
      },
      (setting) => void ({ folder, editor, workbench } = setting),
    );

    it('shows the store in the sidebar, with its tables and columns', async () => {
      await workbench.openView('Sluice');
      await workbench.treeItem(/widget-tdc\.db.*SQLite.*9 tables/).waitFor({ timeout: patience });
      await workbench.expand(/widget-tdc\.db/);
      await workbench.treeItem(/memory_entities.*622 rows|memory_entities.*rows/).waitFor();
      await workbench.expand(/^memory_entities/);
      await workbench.treeItem(/embedding.*vector\(384\)/).waitFor({ timeout: patience });
      await workbench.screenshot(`sources-${target.name}`);
    });

    it('connects to the target, offering the embedded one first', async () => {
      await workbench.runCommand('Sluice: Connect Target…');
      const offered = await workbench.quickInputText();
      assert.ok(offered.indexOf('embedded') < offered.indexOf('DATABASE_URL') || !offered.includes('DATABASE_URL'), offered);
      await workbench.pick(target.pick);
      await workbench.toast(/is ready: PostgreSQL/, patience);
      // Looking makes no database.
      const shown = target.name === 'embedded' ? 'made by the first run' : 'PostgreSQL \\d+';
      await workbench.treeItem(new RegExp(`${target.label}.*${shown}`)).waitFor({ timeout: patience });
    });

    it('plans the migration as a file', async () => {
      await workbench.runCommand('Sluice: Plan Migration');
      await workbench.editorTab(/widget-tdc\.sluice\.json/).waitFor({ timeout: patience });
      const plan = JSON.parse(readFileSync(join(folder, 'widget-tdc.sluice.json'), 'utf8')) as {
        target: { profile: string };
        tables: unknown[];
      };
      assert.equal(plan.target.profile, target.profile);
      assert.equal(plan.tables.length, 9);
      await workbench.treeItem(/^memory_relations/).waitFor();
      await workbench.page.getByText('Preview SQL').first().waitFor();
      await workbench.screenshot(`plan-${target.name}`);
    });

    it('previews the SQL', async () => {
      await workbench.runCommand('Sluice: Preview SQL');
      await workbench.editorTab(/SQL/).waitFor();
      assert.match(await workbench.editorText(), /CREATE/);
    });

    it('diffs the schemas: everything is new', async () => {
      await workbench.runCommand('Sluice: Diff Schemas');
      await workbench.page
        .getByText(/CREATE.TABLE/)
        .first()
        .waitFor({ timeout: patience });
      // It takes the focus when all of its files are laid out, which would take it from the tree.
      await workbench.page.locator('.multiDiffEntry .monaco-editor.focused').first().waitFor();
      await workbench.runCommand('Sluice: Focus on Plan View');
      await workbench.page.locator('.sidebar .monaco-list:focus-within').first().waitFor();
      await workbench.page.keyboard.press('End');
      await workbench.treeItem(/^Adds.*9 tables/).waitFor({ timeout: patience });
      await workbench.screenshot(`schema-diff-${target.name}`);
    });

    it('runs the migration and says once that every cell arrived', async () => {
      await workbench.runCommand('Sluice: Run Migration');
      assert.match(await workbench.toast(/every cell compared/, patience), /rows arrived, every cell compared/);
      await workbench
        .treeItem(/widget-tdc.*rows/)
        .first()
        .waitFor();
      await workbench.screenshot(`run-${target.name}`);
    });

    it('opens the report from the toast', async () => {
      await workbench.toastButton('Report');
      const report = await workbench.panel(/Report/);
      await report.getByRole('heading', { name: 'Every cell arrived' }).waitFor({ timeout: patience });
      await report.getByRole('row', { name: /memory_relations/ }).waitFor();
      await workbench.screenshot(`report-${target.name}`);
    });

    it('opens the rows of a migrated table', async () => {
      await workbench.runCommand('Sluice: Open Rows');
      await workbench.pick('memory_entities');
      const rows = await workbench.panel(/memory_entities: Rows/);
      await rows.getByRole('gridcell').first().waitFor({ timeout: patience });
      await rows
        .getByText(/of [\d,]+ rows|[\d,]+ rows/)
        .first()
        .waitFor();
      await workbench.screenshot(`rows-${target.name}`);
    });

    it('compares rows: exactly the two cells that were changed by SQL', async () => {
      const [first, second] = await target.change(folder);
      await workbench.runCommand('Sluice: Compare Rows');
      await workbench.pick('memory_relations');
      const diff = await workbench.panel(/memory_relations: Row Diff/);
      await diff.getByRole('heading', { name: /^2 of [\d,]+ rows differ$/ }).waitFor({ timeout: patience });
      await diff.getByRole('button', { name: /^relation_type 2$/ }).waitFor();
      assert.equal(await diff.locator('.grid .differs').count(), 2);
      const shown = (await diff.locator('.grid .differs').allInnerTexts()).join('\n');
      for (const value of ['changed by hand', 'changed too']) assert.ok(shown.includes(value), shown);
      for (const key of [first, second]) await diff.locator('.diff-row', { hasText: key }).first().waitFor();
      await workbench.screenshot(`row-diff-${target.name}`);
    });

    it('explores the neighbours of a vector, exact beside index', async () => {
      await workbench.runCommand('Sluice: Explore Vector Neighbours');
      const neighbours = await workbench.panel(/embedding: Neighbours/);
      await neighbours.getByText(/Recall@10/).waitFor({ timeout: patience });
      await neighbours.getByText('Exact', { exact: true }).first().waitFor();
      await neighbours.getByText(/hnsw/).first().waitFor();
      await workbench.screenshot(`neighbours-${target.name}`);
    });

    it('does not roll back rows that somebody changed, and says so', async () => {
      await workbench.runCommand('Sluice: Roll Back Run…');
      await workbench.dialogButton('Roll Back');
      assert.match(await workbench.toast(/memory_relations/, patience), /changed/);
    });

    it('rolls the run back once the rows are as it wrote them', async () => {
      await target.restore(folder);
      await workbench.runCommand('Sluice: Roll Back Run…');
      await workbench.dialogButton('Roll Back');
      assert.match(await workbench.toast(/rolled back/, patience), /9 tables were dropped/);
    });

    it('left the source alone, broke no policy, and showed no secret', async () => {
      assert.equal(hashOf(join(folder, 'widget-tdc.db')), storeBefore);
      for (const suffix of ['-wal', '-shm', '-journal']) assert.ok(!existsSync(join(folder, `widget-tdc.db${suffix}`)), suffix);
      assert.deepEqual(workbench.cspViolations(), []);
      const text = `${await workbench.page.innerText('body')}\n${editor.log()}\n${readFileSync(join(folder, 'widget-tdc.sluice.json'), 'utf8')}`;
      if (target.secret !== null) assert.ok(!text.includes(target.secret), 'the password is shown or logged');
    });

    it('left nothing in the target', async () => {
      // An embedded target is free as soon as the editor has gone.
      await workbench.close();
      await editor.stop();
      assert.equal(await target.tables(), 0);
    });
  });
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
