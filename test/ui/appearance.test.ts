import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { atWorkbench, patience, sampleEntry } from '../helpers/at-workbench.ts';
import { forkTestEmbedded } from '../helpers/embedded.ts';
import { runCli } from '../helpers/run-cli.ts';
import { runAxe } from '../helpers/webview-axe.ts';
import type { Theme, Workbench } from '../helpers/workbench.ts';

const plan = 'widgettdc.sluice.json';

describe('how it looks, in each theme', function () {
  this.timeout(300_000);
  let workbench: Workbench;

  atWorkbench(
    {
      name: 'appearance',
      // The editor shows this name.
      at: 'widgettdc',
      async prepare(_, { folder }) {
        copyFileSync(join(import.meta.dirname, '../../samples/widgettdc', plan), join(folder, plan));
        const directory = join(folder, '.sluice/postgres');
        const run = await runCli(['run', join(folder, plan), '--target', `embedded:${directory}`, '--json'], { cwd: folder });
        assert.equal(run.code, 0, run.stderr);
        await changeRows(directory);
        return {};
      },
      workbench: { viewport: { width: 1600, height: 1000 } },
      until: sampleEntry,
    },
    async (setting) => {
      ({ workbench } = setting);
      await widenSidebar(workbench);
    },
  );

  for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] satisfies Theme[]) {
    it(`shows views, plan and panels without a breach of the policy (${theme})`, async () => {
      await workbench.setTheme(theme);
      await workbench.runCommand('Sluice: Open Plan');
      await workbench.pick(plan);
      await workbench.page.getByText('Preview SQL').first().waitFor({ timeout: patience });
      await workbench.expand(/widget-tdc\.db/);
      await workbench.expand(/^embedded/);
      await workbench.expand(/^public/);
      await workbench.treeItem(/widgettdc.*rows/).waitFor({ timeout: patience });
      await workbench.screenshot(`plan-${theme}`);

      await panel(theme, 'report', 'Sluice: Open Report', /Report/, (frame) => frame.getByRole('heading', { name: 'Every cell arrived' }));
      await panel(theme, 'rows', 'Sluice: Open Rows', /Rows/, (frame) => frame.getByRole('gridcell').nth(20), 'memory_entities');
      await panel(
        theme,
        'row-diff',
        'Sluice: Compare Rows',
        /Row Diff/,
        (frame) => frame.getByRole('heading', { name: /rows differ/ }),
        'memory_relations',
      );
      await panel(theme, 'neighbours', 'Sluice: Explore Vector Neighbours', /Neighbours/, (frame) => frame.getByText('Recall@10').first());
      await workbench.runCommand('View: Close All Editors');
      assert.deepEqual(workbench.cspViolations(), []);
    });
  }

  /** Opens a panel, waits until it shows its content, takes its picture, and asks axe. */
  async function panel(
    theme: Theme,
    name: string,
    command: string,
    title: RegExp,
    content: (frame: Frame) => ReturnType<Frame['getByText']>,
    choice?: string,
  ): Promise<void> {
    await workbench.runCommand(command);
    if (choice !== undefined) await workbench.pick(choice);
    const frame = await workbench.panel(title);
    await content(frame).waitFor({ timeout: patience });
    // No tooltip in the picture.
    await workbench.page.mouse.move(700, 990);
    await workbench.page.locator('.monaco-hover:visible').first().waitFor({ state: 'hidden' });
    await workbench.screenshot(`${name}-${theme}`);
    assert.deepEqual(await runAxe(frame), [], `${name} in ${theme}`);
  }
});

/** Each state of a comparison once: rows that differ, one that is missing, one that is extra. */
async function changeRows(directory: string): Promise<void> {
  const link = await forkTestEmbedded(directory);
  const statements = [
    `UPDATE public.memory_relations SET relation_type = 'supports ' WHERE id = 5`,
    `UPDATE public.memory_relations SET strength = strength / 2, target_id = NULL WHERE id = 42`,
    `DELETE FROM public.memory_relations WHERE id = 60`,
    `INSERT INTO public.memory_relations (id, source_id, target_id, relation_type, strength) SELECT 90001, source_id, target_id, 'written by hand', 0.5 FROM public.memory_relations WHERE id = 61`,
  ];
  for (const sql of statements) await link.request('query', { session: null, sql, parameters: [] });
  await link.close();
}

async function widenSidebar({ page }: Workbench): Promise<void> {
  const sash = page.locator('.monaco-sash.vertical').first();
  const edge = await page.locator('.part.sidebar').boundingBox();
  if (edge === null) return;
  await sash.waitFor({ state: 'attached' });
  await page.mouse.move(edge.x + edge.width, edge.y + 300);
  await page.mouse.down();
  await page.mouse.move(edge.x + 400, edge.y + 300, { steps: 5 });
  await page.mouse.up();
}
