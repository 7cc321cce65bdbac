import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Workbench } from '../../helpers/workbench.ts';
import { millionTable } from './million-rows.ts';
import { clickAndWatch } from './page-clock.ts';

export interface FirstRows {
  /** From the click on a table to its first row on the screen. */
  readonly clickToRowMs: number;
  /** What the panel says of its own request. */
  readonly panelSaysMs: number;
}

/** For a page before its first panel. */
export async function watchForFirstRows(page: Page): Promise<void> {
  await page.addInitScript(noteFirstRow);
}

/** Clicks the table of the large store in a view, and closes the panel of its rows when they are there. */
export async function openRows(workbench: Workbench, view: 'Sources' | 'Target'): Promise<FirstRows> {
  const { page } = workbench;
  const item = page.getByRole('tree', { name: view, exact: true }).getByRole('treeitem', { name: new RegExp(`^${millionTable}, `) });
  await item.waitFor();
  const clicked = await clickAndWatch(page, { tab: { selector: '.tabs-container .tab', text: 'Rows' } }, () => item.click());
  const frame = await workbench.panel(/Rows/);
  let firstRow: number | null = null;
  for (const deadline = performance.now() + 30_000; firstRow === null && performance.now() < deadline; await sleep(50)) {
    firstRow = await frame.evaluate<number | null>('globalThis.sluiceFirstRow ?? null');
  }
  if (firstRow === null) throw new Error('no row came within 30 s');
  const said = frame.getByText(/first rows in [\d,.]+ ms/);
  const panelSaysMs = Number(/[\d,.]+/.exec(await said.innerText())![0].replaceAll(',', ''));
  await workbench.runCommand('View: Close Editor');
  await workbench.editorTab(/Rows/).waitFor({ state: 'detached' });
  return { clickToRowMs: firstRow - clicked.started, panelSaysMs };
}

/**
 * In every frame before its document: notes when the first cell with a text was drawn, in milliseconds since 1970. With a timer, because the editor
 * writes a panel's document anew, which ends observers and listeners.
 */
const noteFirstRow = `{
  const timer = setInterval(() => {
    const cells = [...document.querySelectorAll('.grid-body [data-row] .grid-cell')];
    if (!cells.some((cell) => cell.textContent !== '')) return;
    clearInterval(timer);
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (globalThis.sluiceFirstRow = performance.timeOrigin + performance.now());
      port2.postMessage(null);
    });
  }, 4);
}`;
