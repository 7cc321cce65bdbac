import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeOutcome, runCli } from './run-cli.ts';
import type { UiTarget } from './ui-target.ts';
import type { Workbench } from './workbench.ts';

/** A run of a million rows takes half a minute alone, and much longer beside other tests. */
export const runPatience = 300_000;

/** Writes `<name>.sluice.json` for the store `<name>.db` of the folder, into `schema` of the target. */
export async function writePlan(folder: string, name: string, target: UiTarget, schema: string): Promise<void> {
  const args = ['plan', join(folder, `${name}.db`), '--target', target.profile, '--schema', schema, '--json'];
  const outcome = await runCli(args, { cwd: folder, environment: target.environment });
  assert.equal(outcome.code, 0, describeOutcome(outcome));
  const plan = JSON.parse(outcome.stdout) as { name: string; sources: { main: { path: string } }; target: { profile: string } };
  plan.name = name;
  plan.sources.main.path = `${name}.db`;
  plan.target.profile = target.profile;
  writeFileSync(join(folder, `${name}.sluice.json`), JSON.stringify(plan, null, 2));
}

/** Opens the plan `<name>.sluice.json` and starts its run. */
export async function startRun(workbench: Workbench, name: string): Promise<void> {
  await workbench.runCommand('Notifications: Clear All Notifications');
  await workbench.runCommand('Sluice: Open Plan');
  await workbench.pick(`${name}.sluice.json`);
  await workbench.editorTab(new RegExp(`${name}\\.sluice\\.json`)).waitFor();
  await workbench.runCommand('Sluice: Run Migration');
}

/** Waits until the status bar says that so much of the rows is loaded. Throws when the run gets past `below` first. */
export async function untilPercent(workbench: Workbench, percent: number, below = 95): Promise<void> {
  const deadline = performance.now() + runPatience;
  for (;;) {
    const text = await statusText(workbench);
    const loaded = Number(/^Sluice (\d+) %/.exec(text)?.[1] ?? -1);
    if (loaded >= percent) {
      assert.ok(loaded < below, `it was at ${loaded} % already`);
      return;
    }
    if (performance.now() > deadline) throw new Error(`the run did not get to ${percent} %; the status bar says "${text}"`);
    await sleep(20);
  }
}

/** What the status bar says of the run under way; empty when none is. */
export async function statusText({ page }: Workbench): Promise<string> {
  const items = page.locator('.statusbar-item').filter({ hasText: /^\s*Sluice\b.*/ });
  const texts = await items.allInnerTexts();
  return (texts[0] ?? '').replaceAll('\u00a0', ' ').trim();
}

/** Milliseconds from the next click to what the user sees, as the page itself measures them. */
export interface CancelTimes {
  readonly statusBar: number | null;
  readonly runsView: number | null;
  readonly message: number | null;
}

/** Starts to watch; the function that it gives tells what was seen until then. */
export async function watchCancel({ page }: Workbench): Promise<() => Promise<CancelTimes>> {
  await page.evaluate(`(() => {
    const seen = { click: null, statusBar: null, runsView: null, message: null };
    window.seenOfCancel = seen;
    document.addEventListener('mousedown', () => { seen.click ??= performance.now(); }, { capture: true });
    const note = (name, holds) => { if (seen.click !== null && seen[name] === null && holds()) seen[name] = Math.round(performance.now() - seen.click); };
    const look = () => {
      note('statusBar', () => [...document.querySelectorAll('.statusbar-item')].some((item) => item.textContent.includes('cancelling')));
      note('runsView', () => document.querySelector('.monaco-list-row[aria-label*="cancelling"]') !== null);
      note('message', () => [...document.querySelectorAll('.notification-toast')].some((toast) => toast.textContent.includes('was cancelled')));
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  })()`);
  return () => page.evaluate<CancelTimes>('window.seenOfCancel');
}
