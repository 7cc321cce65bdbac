import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { atWorkbench, patience } from '../helpers/at-workbench.ts';
import type { Workbench } from '../helpers/workbench.ts';

describe('the main job without a mouse', function () {
  this.timeout(240_000);
  let workbench: Workbench;

  atWorkbench({ name: 'keyboard' }, (setting) => {
    ({ workbench } = setting);
    forbidMouse(workbench);
  });

  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await workbench.page.keyboard.press(key);
  };

  /** The palette, by keys alone. It may not know a command yet just after the start. */
  const command = async (title: string): Promise<void> => {
    const { page } = workbench;
    const entry = page.locator('.quick-input-list .monaco-list-row.focused').filter({ has: page.getByText(title, { exact: true }) });
    await entry.waitFor({ state: 'hidden' });
    for (let tries = 0; ; tries++) {
      await press('F1');
      await page.keyboard.type(title);
      const offered = await entry.waitFor({ timeout: 3_000 }).then(
        () => true,
        () => false,
      );
      if (offered) break;
      assert.ok(tries < 10, `the palette does not offer ${title}`);
      await press('Escape');
    }
    await press('Enter');
  };

  it('walks the tree of sources and opens rows from it', async () => {
    await command('Sluice: Focus on Sources View');
    await workbench.treeItem(/widget-tdc\.db.*9 tables/).waitFor({ timeout: patience });
    // An empty view has the focus on its text; now there is a tree to have it.
    await command('Sluice: Focus on Sources View');
    // Keys that come before the tree has the focus go elsewhere.
    const tree = workbench.page.locator('.sidebar .monaco-list:focus-within');
    const focused = tree.locator('.monaco-list-row.focused');
    await tree.waitFor();
    await press('Home');
    await focused.filter({ hasText: 'widget-tdc.db' }).waitFor();
    await press('ArrowRight');
    await workbench.treeItem(/^memory_entities/).waitFor({ timeout: patience });
    await press('ArrowDown');
    await focused.filter({ hasText: 'memory_entities' }).waitFor();
    await press('Enter');
    const rows = await workbench.panel(/memory_entities: Rows/);
    await rows.getByRole('gridcell').first().waitFor({ timeout: patience });
  });

  it('moves in the grid, filters, and opens a cell in an editor', async () => {
    const rows = await workbench.panel(/memory_entities: Rows/);
    await intoGrid(rows);
    await press('ArrowDown', 'ArrowDown', 'ArrowRight');
    const cell = rows.locator('[role=gridcell]:focus, [role=rowheader]:focus');
    const text = await cell.innerText();
    assert.notEqual(text, '');
    await press('Control+f');
    await workbench.page.keyboard.type('id < 10');
    await press('Enter');
    await rows
      .getByText(/^\d of 622 rows$|^8 of/)
      .first()
      .waitFor({ timeout: patience });
    await intoGrid(rows);
    await press('Home', 'Enter');
    await workbench.editorTab(/memory_entities\.id/).waitFor({ timeout: patience });
  });

  it('plans, previews, diffs and runs', async () => {
    await command('Sluice: Plan Migration');
    await workbench.editorTab(/widget-tdc\.sluice\.json/).waitFor({ timeout: patience });
    await command('Sluice: Diff Schemas');
    await workbench.page
      .getByText(/CREATE.TABLE/)
      .first()
      .waitFor({ timeout: patience });
    await command('Sluice: Run Migration');
    assert.match(await workbench.toast(/every cell compared/, patience), /rows arrived/);
  });

  it('reads the report, every action within reach of Tab', async () => {
    await command('Sluice: Open Report');
    const report = await workbench.panel(/Report/);
    await report.getByRole('heading', { name: 'Every cell arrived' }).waitFor({ timeout: patience });
    const reached = new Set<string>();
    for (let tab = 0; tab < 20; tab++) {
      await press('Tab');
      reached.add(
        await report
          .locator(':focus')
          .first()
          .innerText({ timeout: 2_000 })
          .catch(() => ''),
      );
    }
    for (const action of ['Verify Again', 'Roll Back…', 'Markdown', 'HTML', 'JSON', 'memory_entities']) {
      assert.ok(
        [...reached].some((text) => text.includes(action)),
        `${action} is not reached: ${[...reached].join(' | ')}`,
      );
    }
  });

  it('steps through neighbours and walks to one', async () => {
    await command('Sluice: Explore Vector Neighbours');
    const neighbours = await workbench.panel(/Neighbours/);
    const title = neighbours.getByRole('textbox', { name: 'id' });
    await neighbours.getByText('Recall@10').first().waitFor({ timeout: patience });
    await title.waitFor();
    const before = await title.inputValue();
    await intoList(neighbours);
    await press('ArrowDown', 'Enter');
    await neighbours.waitForFunction(
      `(() => { const field = document.querySelector('vscode-text-field'); return field !== null && field.value !== ${JSON.stringify(before)}; })()`,
      undefined,
      { timeout: patience },
    );
  });

  it('rolls back, the question answered by Enter', async () => {
    await command('Sluice: Roll Back Run…');
    await workbench.page.locator('.monaco-dialog-box').waitFor();
    await press('Enter');
    assert.match(await workbench.toast(/rolled back/, patience), /9 tables were dropped/);
  });

  /** Tab until the focus is in the grid; it is one stop. */
  async function intoGrid(frame: Frame): Promise<void> {
    const inside = frame.locator('[role=gridcell]:focus, [role=rowheader]:focus, [role=columnheader]:focus');
    for (let tab = 0; tab < 25 && (await inside.count()) === 0; tab++) await press('Tab');
    assert.equal(await inside.count(), 1, 'Tab never reaches the grid');
  }

  async function intoList(frame: Frame): Promise<void> {
    const inside = frame.locator('[role=option]:focus, [role=listitem]:focus, [role=listbox]:focus');
    for (let tab = 0; tab < 25 && (await inside.count()) === 0; tab++) await press('Tab');
    assert.equal(await inside.count(), 1, 'Tab never reaches a list of neighbours');
  }
});

/** A click in a test by accident would prove nothing. */
function forbidMouse({ page }: Workbench): void {
  const refuse = (): Promise<never> => Promise.reject(new Error('this test uses the keyboard only'));
  Object.assign(page.mouse, { click: refuse, dblclick: refuse, down: refuse, up: refuse });
}
