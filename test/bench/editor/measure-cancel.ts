import { setTimeout as sleep } from 'node:timers/promises';
import type { Editor } from '../../helpers/editor.ts';
import { openWorkbench, type Workbench } from '../../helpers/workbench.ts';
import { openRows, watchForFirstRows, type FirstRows } from './first-row-clock.ts';
import { clickAndWatch } from './page-clock.ts';

export interface CancelTimes {
  /** From the click on Cancel until the Runs view says "cancelling" or, where it was too slow for that, "cancelled"; milliseconds. */
  readonly visible: number;
  /** To the toast that says what is committed, milliseconds. */
  readonly complete: number;
  /** That toast. */
  readonly message: string;
}

export interface CancelledRuns {
  readonly rounds: readonly CancelTimes[];
  /** The last run was resumed to its end: rows of its target. */
  readonly targetRows: readonly FirstRows[];
}

/** Part of the rows, in percent, that are loaded when Cancel is clicked. */
const cancelAt = 20;
const progressToast = '.notifications-toasts .notification-toast';
/** The Runs view shows what is live first. */
const liveRun = '.monaco-list[aria-label="Runs"] .monaco-list-row[data-index="0"]';

/** Runs each plan as a user would and cancels it in the middle of its rows. `say` gets a line per round. */
export async function measureCancel(editor: Editor, plans: readonly string[], say: (line: string) => void): Promise<CancelledRuns> {
  const workbench = await openWorkbench(editor, { viewport: { width: 1440, height: 1100 } });
  try {
    await watchForFirstRows(workbench.page);
    const rounds: CancelTimes[] = [];
    for (const plan of plans) {
      rounds.push(await runAndCancel(workbench, plan));
      say(`  cancel: ${rounds.at(-1)!.message}`);
    }
    return { rounds, targetRows: await rowsOfTarget(workbench, plans.length) };
  } finally {
    await workbench.close();
  }
}

async function runAndCancel(workbench: Workbench, plan: string): Promise<CancelTimes> {
  const { page } = workbench;
  await workbench.openView('Explorer');
  await workbench.treeItem(new RegExp(`^${plan}`)).dblclick();
  await workbench.editorTab(new RegExp(`^${plan}`)).waitFor();
  await workbench.openView('Sluice');
  await workbench.runCommand('Notifications: Clear All Notifications').catch(() => undefined);
  await workbench.runCommand('Sluice: Run Migration');
  await loaded(workbench, cancelAt);
  // An earlier round says "cancelled" too.
  await page.locator(liveRun).filter({ hasNotText: 'cancelled' }).waitFor();
  await page.locator(progressToast).filter({ hasText: 'was cancelled' }).waitFor({ state: 'detached' });
  const { started, seen } = await clickAndWatch(
    page,
    {
      visible: { selector: liveRun, text: 'cancell(ing|ed)' },
      complete: { selector: progressToast, text: 'was cancelled' },
    },
    () => workbench.toastButton('Cancel'),
  );
  const message = await workbench.toast('was cancelled');
  return { visible: seen.visible - started, complete: seen.complete - started, message };
}

/** Waits until this many percent of the rows are loaded. */
async function loaded({ page }: Workbench, percent: number): Promise<void> {
  for (const deadline = performance.now() + 120_000; performance.now() < deadline; await sleep(20)) {
    const text = await page
      .locator(progressToast)
      .filter({ hasText: /loading rows · \d+ %/ })
      .first()
      .innerText({ timeout: 100 })
      .catch(() => '');
    if (Number(/loading rows · (\d+) %/.exec(text)?.[1] ?? 0) >= percent) return;
  }
  throw new Error(`no ${percent} % of the rows within two minutes`);
}

/** Resumes the last run to its end and opens what it loaded. */
async function rowsOfTarget(workbench: Workbench, count: number): Promise<readonly FirstRows[]> {
  await workbench.toastButton('Resume');
  const { page } = workbench;
  await page.locator(progressToast).filter({ hasText: 'every cell compared' }).waitFor({ timeout: 180_000 });
  const profile = new RegExp(`^env:BENCH_${count}, `);
  await workbench.expand(profile);
  await workbench.expand(/^public/);
  const times: FirstRows[] = [];
  for (let round = 0; round < count; round++) times.push(await openRows(workbench, 'Target'));
  return times;
}
