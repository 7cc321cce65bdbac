import { setTimeout as sleep } from 'node:timers/promises';
import type { Editor } from '../../helpers/editor.ts';
import { openWorkbench, type Workbench } from '../../helpers/workbench.ts';
import { openRows, watchForFirstRows, type FirstRows } from './first-row-clock.ts';
import { clickAndWatch } from './page-clock.ts';

/** What one new window measures, in milliseconds. */
export interface WindowTimes {
  /** Loading the bundle and calling activate, as "Developer: Show Running Extensions" says. */
  readonly activation: number;
  /** From the click on the activity bar to the first entry of Sources; the activation and the start of the engine included. */
  readonly firstRoot: number;
  /** The same when everything is known. */
  readonly knownRoot: number;
  /** To the first entry of Target, for which no engine is asked. */
  readonly targetRoot: number;
  readonly firstPanel: FirstRows;
  readonly nextPanel: FirstRows;
}

const sources = { selector: '.monaco-list[aria-label="Sources"] .monaco-list-row', text: 'rows\\.db' };
const target = { selector: '.monaco-list[aria-label="Target"] .monaco-list-row', text: 'embedded' };

/** Opens a window (and so a new extension host), looks at the views and at the rows of the large store. */
export async function measureWindow(editor: Editor): Promise<WindowTimes> {
  const workbench = await openWorkbench(editor, { viewport: { width: 1440, height: 1100 } });
  try {
    const { page } = workbench;
    await watchForFirstRows(page);
    await extensionHostIsThere(workbench);
    const first = await clickOnView(workbench);
    await workbench.openView('Explorer');
    const known = await clickOnView(workbench);
    const activation = await activationTime(workbench);
    await workbench.expand(/^rows\.db/);
    const [firstPanel, nextPanel] = [await openRows(workbench, 'Sources'), await openRows(workbench, 'Sources')];
    return { activation, firstRoot: first.sources, knownRoot: known.sources, targetRoot: first.target, firstPanel, nextPanel };
  } finally {
    await workbench.close();
  }
}

async function clickOnView({ page }: Workbench): Promise<{ readonly sources: number; readonly target: number }> {
  const tab = page.locator('.activitybar').getByRole('tab', { name: 'Sluice' });
  const { started, seen } = await clickAndWatch(page, { sources, target }, () => tab.click());
  return { sources: seen.sources - started, target: seen.target - started };
}

const showRunning = 'Developer: Show Running Extensions';
const running = '.runtime-extensions-editor';

/** A window shows its activity bar long before its extension host runs; that wait is the editor's, not ours. */
async function extensionHostIsThere(workbench: Workbench): Promise<void> {
  await workbench.runCommand(showRunning);
  await workbench.page
    .locator(running)
    .getByText(/Activation: /)
    .first()
    .waitFor({ timeout: 60_000 });
  // Others that start with the window are still at it.
  await sleep(3000);
  await closeRunning(workbench);
}

async function activationTime(workbench: Workbench): Promise<number> {
  await workbench.runCommand(showRunning);
  const row = workbench.page.locator(`${running} .extension`).filter({ has: workbench.page.getByText('Sluice', { exact: true }) });
  const found = /Activation: (\d+)\s*ms/.exec(await row.innerText());
  if (found === null) throw new Error('the editor names no time of activation');
  await closeRunning(workbench);
  return Number(found[1]);
}

/** It lies over the workbench as a dialog would. */
async function closeRunning({ page }: Workbench): Promise<void> {
  await page.keyboard.press('Escape');
  await page.locator(running).waitFor({ state: 'detached' });
}
