import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atWorkbench, patience } from '../helpers/at-workbench.ts';
import type { Editor } from '../helpers/editor.ts';
import { engineProcesses, untilGone } from '../helpers/engine-processes.ts';
import { buildFaultStore, faultRows } from '../helpers/fault-store.ts';
import { describeOutcome, parseFailure, runCli } from '../helpers/run-cli.ts';
import { runPatience, startRun, statusText, untilPercent, watchCancel, writePlan } from '../helpers/ui-run.ts';
import { embeddedUiTarget, postgresUiTarget, type UiTarget } from '../helpers/ui-target.ts';
import type { Workbench } from '../helpers/workbench.ts';

const format = new Intl.NumberFormat('en');

const settings = [
  { title: 'PostgreSQL', makeTarget: postgresUiTarget, rows: 1_000_000 },
  // So many that there are rows left for whoever cancels a second after a third of them has come.
  { title: 'embedded target', makeTarget: embeddedUiTarget, rows: 600_000 },
] as const;

for (const { title, makeTarget, rows } of settings) {
  describe(`what can go wrong in the middle, as a user sees it (${title})`, function () {
    this.timeout(runPatience + patience);
    /** Of the runs that are killed; what is cancelled has all the rows. */
    const fewer = Math.min(rows, 300_000);
    let folder: string;
    let target: UiTarget;
    let editor: Editor;
    let workbench: Workbench;

    atWorkbench(
      {
        name: `robustness-${makeTarget === postgresUiTarget ? 'postgres' : 'embedded'}`,
        sample: false,
        async prepare(context, places) {
          context.timeout(runPatience);
          target = await makeTarget(context, places.folder);
          for (const [name, count, schema] of [
            ['cancelled', rows, 'cancelled'],
            ['killed', fewer, 'killed'],
            ['reloaded', fewer, 'reloaded'],
          ] as const) {
            buildFaultStore(join(places.folder, `${name}.db`), count);
            await writePlan(places.folder, name, target, schema);
          }
          return { env: target.environment };
        },
        until: /cancelled\.db.*3 tables/,
        remove: () => target?.remove(),
      },
      (setting) => void ({ folder, editor, workbench } = setting),
    );

    const number = async (sql: string): Promise<number> => Number((await target.ask(sql))[0]);
    const rowsOf = (schema: string): Promise<number> =>
      number(
        `SELECT ((SELECT count(*) FROM ${schema}.devices) + (SELECT count(*) FROM ${schema}.readings) + (SELECT count(*) FROM ${schema}.events))::text AS value`,
      );
    const checkpointed = (name: string): Promise<number> =>
      number(`SELECT sum(rows_written)::text AS value FROM sluice.checkpoint JOIN sluice.run USING (run_id) WHERE plan_name = '${name}'`);
    /** Keys that nobody enforces: a row that came twice would go unnoticed. */
    const assertEveryRowOnce = async (name: string, count: number): Promise<void> => {
      assert.equal(await rowsOf(name), faultRows(count));
      const events = await number(`SELECT count(DISTINCT number)::text AS value FROM ${name}.events`);
      assert.equal(events, await number(`SELECT count(*)::text AS value FROM ${name}.events`));
      assert.equal(await number(`SELECT count(*)::text AS value FROM sluice.run WHERE plan_name = '${name}'`), 1);
    };
    /** What the message about a stopped run and then the Runs view say is what the target holds. */
    const assertCommitted = async (name: string, message: string, count: number): Promise<void> => {
      const [, least, number] = /(At least )?([\d,]+) rows are committed/.exec(message) ?? [];
      const told = Number(number?.replaceAll(',', ''));
      const held = await rowsOf(name);
      assert.ok(held > 0 && held < faultRows(count), `${held} rows are there`);
      assert.ok(least === undefined ? told === held : told <= held, `${message} The target holds ${held}.`);
      // Only where the database itself had to be killed, it cannot be asked in time.
      assert.ok(least === undefined || target.name === 'embedded', message);
      assert.equal(await checkpointed(name), held);
      await workbench.treeItem(new RegExp(`^${name}, (cancelled|failed) · ${format.format(held)} rows`)).waitFor();
    };
    const arrives = (name: string): Promise<string> =>
      workbench.toast(new RegExp(`${name}: .* rows arrived, every cell compared`), runPatience);

    describe('a cancellation', () => {
      it('shows the rows of each table while they are loaded', async () => {
        await startRun(workbench, 'cancelled');
        await untilPercent(workbench, 20, 60);
        await workbench.treeItem(/^(readings|events).* [\d,]+ of [\d,]+$/).waitFor();
        await workbench.screenshot(`run-live-${target.name}`);
      });

      it('is seen at once, and says what is committed and how to go on', async () => {
        await untilPercent(workbench, 30, 80);
        const times = await watchCancel(workbench);
        await workbench.toastButton('Cancel');
        const message = await workbench.toast(/was cancelled/, patience);
        await workbench.treeItem(/^cancelled, cancelled · [\d,]+ rows/).waitFor();
        const seen = await times();
        console.log(
          `      click → "cancelling" in the status bar: ${within(seen.statusBar, 200)}, in the Runs view: ${within(seen.runsView, 200)}`,
        );
        console.log(`      click → message: ${within(seen.message, 1000)}`);
        assert.match(message, /Resume Run goes on where it stopped/);
        assert.equal(await statusText(workbench), '');
        await assertCommitted('cancelled', message, rows);
      });

      it('is taken back by Resume, with every row once', async () => {
        await workbench.toastButton('Resume');
        assert.ok((await arrives('cancelled')).includes(format.format(faultRows(rows))));
        await workbench.toastButton('Report');
        const report = await workbench.panel(/Report/);
        await report.getByRole('heading', { name: 'Every cell arrived' }).waitFor({ timeout: patience });
      });
    });

    describe('kill -9', () => {
      it('of the engine that looks leaves the editor usable; Restart Engine brings the tree back', async () => {
        const browsing = engineProcesses(editor);
        assert.equal(browsing.size, 1);
        for (const pid of browsing) process.kill(pid, 'SIGKILL');
        await workbench.treeItem(/^Engine stopped: signal SIGKILL/).waitFor();
        await workbench.screenshot(`engine-stopped-${target.name}`);
        await workbench.page.keyboard.press('F1');
        await workbench.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row').first().waitFor();
        await workbench.page.keyboard.press('Escape');
        await workbench.clickAction(/^Engine stopped/, 'Restart Engine');
        await workbench.treeItem(/^Engine stopped/).waitFor({ state: 'hidden', timeout: patience });
        await workbench.treeItem(/cancelled\.db.*3 tables/).waitFor();
        await workbench.expand(/cancelled\.db/);
        await workbench.treeItem(/^readings/).waitFor({ timeout: patience });
        assert.equal([...engineProcesses(editor)].filter((pid) => browsing.has(pid)).length, 0);
      });

      it('of the engine of a run says what is committed, and Resume brings the rest', async () => {
        const others = engineProcesses(editor);
        await startRun(workbench, 'killed');
        await untilPercent(workbench, 25, 85);
        for (const pid of engineProcesses(editor)) if (!others.has(pid)) process.kill(pid, 'SIGKILL');
        const message = await workbench.toast(/killed failed/, patience);
        assert.match(message, /The engine process has ended: signal SIGKILL.*resume run r-[0-9a-f]{12} or roll it back/);
        // The embedded target is looked at once it is free: at the end.
        if (target.name === 'postgres') await assertCommitted('killed', message, fewer);
        else assert.match(message, /[\d,]+ rows are committed and stay/);
        await workbench.toastButton('Resume');
        await arrives('killed');
      });
    });

    describe('a reload of the window in the middle of a run', () => {
      const filter = 'device_id = 7';

      it('ends the engines, and leaves the run as unfinished', async () => {
        await workbench.runCommand('Sluice: Open Rows');
        await workbench.pick('readings');
        const panel = await workbench.panel(/readings: Rows/);
        await panel.locator('#filter').click();
        await workbench.page.keyboard.type(filter);
        await workbench.page.keyboard.press('Enter');
        await panel.getByText(/^[\d,]+ of [\d,]+ rows$/).waitFor({ timeout: patience });
        await workbench.untilRemembered(filter, 'workbench.view.extension.sluice');
        await startRun(workbench, 'reloaded');
        await untilPercent(workbench, 25, 85);
        const before = engineProcesses(editor);
        assert.equal(before.size, 2);
        const gone = untilGone(before, 30_000);
        await workbench.reload();
        console.log(`      reload → engines gone: ${await gone} ms`);
        await workbench.openView('Sluice');
        await workbench.treeItem(/^reloaded, unfinished/).waitFor({ timeout: patience });
        await workbench.screenshot(`run-unfinished-${target.name}`);
      });

      it('brings open panels back with their filter', async () => {
        await workbench.editorTab(/readings: Rows/).click();
        const panel = await workbench.panel(/readings: Rows/);
        await panel.getByText(/^[\d,]+ of [\d,]+ rows$/).waitFor({ timeout: patience });
        assert.equal(await panel.locator('#filter input').inputValue(), filter);
      });

      it('is made up for by Resume Run', async () => {
        await workbench.clickAction(/^reloaded, unfinished/, 'Resume Run');
        await arrives('reloaded');
        await workbench.treeItem(/^reloaded, [\d,]+ rows/).waitFor();
      });
    });

    describe('all of it', () => {
      if (makeTarget === embeddedUiTarget) {
        it('leaves the directory to the command line when it has not been used for 30 s', async () => {
          const args = ['runs', '--target', `embedded:${join(folder, '.sluice', 'postgres')}`, '--json'];
          const refused = parseFailure(await runCli(args));
          assert.equal(refused.code, 'embedded-in-use');
          assert.match(refused.message, /in use by VS Code/);
          const deadline = performance.now() + patience;
          let outcome = await runCli(args);
          while (outcome.code !== 0 && performance.now() < deadline) {
            await sleep(1000);
            outcome = await runCli(args);
          }
          assert.equal(outcome.code, 0, describeOutcome(outcome));
        });
      }

      it('lost no row and wrote none twice', async () => {
        await assertEveryRowOnce('cancelled', rows);
        await assertEveryRowOnce('killed', fewer);
        await assertEveryRowOnce('reloaded', fewer);
      });

      it('broke no policy', () => assert.deepEqual(workbench.cspViolations(), []));
    });
  });
}

/** For people: a machine that others share proves nothing. */
function within(ms: number | null, limit: number): string {
  if (ms === null) return 'the run was over before';
  return `${ms} ms, ${ms <= limit ? 'within' : 'NOT within'} ${limit} ms`;
}
