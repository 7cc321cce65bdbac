import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type Frame, type Locator, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/ensure-chromium.ts';
import { changeSettings, type Editor } from './editor.ts';

export type Theme = keyof typeof themes;

/** A browser window on an editor, driven as a user would. Every method waits until what it names is there, and fails after 30 s. */
export interface Workbench {
  readonly page: Page;
  /** Runs a command through the palette; `title` as the palette shows it, e.g. "Sluice: Plan Migration". */
  runCommand(title: string): Promise<void>;
  /** Accepts the entry of the open quick pick that contains this text. */
  pick(text: string): Promise<void>;
  /** Ticks an entry of a quick pick with check boxes. */
  tick(text: string): Promise<void>;
  /** Writes into the open quick input and presses Enter. */
  type(text: string): Promise<void>;
  /** Chooses a folder in the editor's own dialog, which begins in a folder below `start`. */
  chooseFolder(start: string, folder: string): Promise<void>;
  /** The text that the open quick input shows: title, message or error, entries. */
  quickInputText(): Promise<string>;
  /** Opens a view container of the activity bar, e.g. "Sluice". */
  openView(container: string): Promise<void>;
  /** An entry of a tree; the name is that for screen readers (label, description), in part or as a pattern. */
  treeItem(name: string | RegExp): Locator;
  /** Opens an entry of a tree and waits for its children to be there. */
  expand(name: string | RegExp): Promise<void>;
  /** Clicks an inline action of a tree's entry; `action` is its tooltip. */
  clickAction(treeItem: string | RegExp, action: string | RegExp): Promise<void>;
  /** Opens the context menu of a tree's entry and chooses an action of it. */
  contextMenu(treeItem: string | RegExp, action: string): Promise<void>;
  /** Ticks or clears the check box of a tree's entry. */
  toggle(treeItem: string | RegExp): Promise<void>;
  /** The text of the newest toast that contains `text`; waits 30 s for it unless told. */
  toast(text?: string | RegExp, timeout?: number): Promise<string>;
  /** Clicks a button of a toast. */
  toastButton(name: string | RegExp): Promise<void>;
  /** Clicks a button of the modal dialog. */
  dialogButton(name: string | RegExp): Promise<void>;
  /** The document inside the visible webview with this title. A webview that was hidden has a new one: ask again. */
  panel(title: string | RegExp): Promise<Frame>;
  /** The tab of an editor. */
  editorTab(name: string | RegExp): Locator;
  /** The lines that the active text editor shows; of a diff, those of both sides. */
  editorText(): Promise<string>;
  setTheme(theme: Theme): Promise<void>;
  /** Waits until the workbench has written down, for its next load, a state that contains each of these texts (open tabs, state of webviews, view containers). */
  untilRemembered(...texts: readonly string[]): Promise<void>;
  /** Loads the page again, as F5 does, and waits until the workbench is there. */
  reload(): Promise<void>;
  /** A picture in docs/screenshots; only when SLUICE_SCREENSHOTS is set. */
  screenshot(name: string): Promise<void>;
  /** What the browser refused because of a Content Security Policy. The workbench itself causes none. */
  cspViolations(): readonly string[];
  close(): Promise<void>;
}

export interface WorkbenchOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly theme?: Theme;
  /** In a browser that has no WebGL. */
  readonly withoutWebgl?: boolean;
}

/** `id` in the settings, `label` in the list of themes, `mark` a class of the workbench. */
const themes = {
  dark: { id: 'Default Dark Modern', label: 'Dark Modern', mark: 'vs-dark' },
  light: { id: 'Default Light Modern', label: 'Light Modern', mark: 'vs' },
  'hc-dark': { id: 'Default High Contrast', label: 'Dark High Contrast', mark: 'hc-black' },
  'hc-light': { id: 'Default High Contrast Light', label: 'Light High Contrast', mark: 'hc-light' },
} as const;

/** For what happens at once on a quiet machine; nothing is proved by how long it takes. */
const patience = 30_000;
const screenshots = resolve(import.meta.dirname, '../../docs/screenshots');

/** Starts a browser and waits until the workbench is there. */
export async function openWorkbench(editor: Editor, options: WorkbenchOptions = {}): Promise<Workbench> {
  if (options.theme !== undefined) changeSettings(editor, { 'workbench.colorTheme': themes[options.theme].id });
  const browser = await launchBrowser(options.withoutWebgl);
  try {
    const page = await newPage(browser, options);
    const violations = collectViolations(page);
    await page.goto(editor.url);
    await untilLoaded(page);
    return createWorkbench(browser, page, violations);
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** A load takes longer than anything after it: of a cold server, or beside a run. */
async function untilLoaded(page: Page): Promise<void> {
  await page.getByRole('tab', { name: /^Explorer/ }).waitFor({ timeout: 60_000 });
}

/** Chromium as the tests use it: no sandbox (they run as root), no GPU, no traffic of its own. */
export async function launchBrowser(withoutWebgl = false): Promise<Browser> {
  const program = findChromium();
  if (program === null) throw new Error('Chromium is not installed (`node scripts/ensure-chromium.ts` installs it)');
  const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  return chromium.launch({
    executablePath: program,
    args: [...flags, ...(withoutWebgl ? ['--disable-3d-apis'] : []), '--disable-component-update', '--disable-sync'],
  });
}

async function newPage(browser: Browser, options: WorkbenchOptions): Promise<Page> {
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1440, height: 900 },
    locale: 'en-US',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(patience);
  return context.newPage();
}

/** From the console, because a webview's document is written after its frame was loaded: listeners in it would be lost. */
function collectViolations(page: Page): readonly string[] {
  const violations: string[] = [];
  page.on('console', (message) => {
    if (/Refused to|Content Security Policy/.test(message.text())) violations.push(message.text());
  });
  return violations;
}

function createWorkbench(browser: Browser, page: Page, violations: readonly string[]): Workbench {
  const treeItem: Workbench['treeItem'] = (name) => page.getByRole('treeitem', { name }).first();
  const quick = quickInput(page);
  return {
    page,
    ...quick,
    openView: (container) => openView(page, container),
    treeItem,
    expand: (name) => expand(treeItem(name)),
    clickAction: (name, action) => clickAction(treeItem(name), action),
    contextMenu: (name, action) => contextMenu(page, treeItem(name), action),
    toggle: (name) => treeItem(name).getByRole('checkbox').click(),
    ...messages(page),
    panel: (title) => panel(page, title),
    editorTab: (name) => page.locator('.tabs-container').getByRole('tab', { name }).first(),
    editorText: () => editorText(page),
    setTheme: async (theme) => {
      // Through the workbench: it reads the file of settings only when it loads.
      await quick.runCommand('Preferences: Color Theme');
      await page.locator('.quick-input-widget:visible .quick-input-box input').first().fill(themes[theme].label);
      await quick.pick(themes[theme].label);
      await page.locator(`.monaco-workbench.${themes[theme].mark}`).waitFor();
    },
    untilRemembered: (...texts) =>
      until(`the workbench to remember ${texts.join(' and ')}`, async () => {
        const stored = await page.evaluate<string>(storedState);
        return texts.every((text) => stored.includes(text));
      }),
    reload: async () => {
      await page.reload();
      await untilLoaded(page);
    },
    screenshot: async (name) => {
      if (!process.env['SLUICE_SCREENSHOTS']) return;
      mkdirSync(screenshots, { recursive: true });
      await page.screenshot({ path: join(screenshots, `${name}.png`) });
    },
    cspViolations: () => [...violations],
    close: () => browser.close(),
  };
}

/**
 * Runs in the page: everything that the workbench has stored, as text. It writes every five seconds when it is idle, and a page that is left has no
 * time for it.
 */
const storedState = `(async () => {
  const settled = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const values = [];
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('vscode-web-state-db-')) continue;
    const database = await settled(indexedDB.open(name));
    for (const store of database.objectStoreNames) values.push(...(await settled(database.transaction(store).objectStore(store).getAll())));
    database.close();
  }
  return values.join();
})()`;

function quickInput(page: Page): Pick<Workbench, 'runCommand' | 'pick' | 'tick' | 'type' | 'chooseFolder' | 'quickInputText'> {
  const widget = page.locator('.quick-input-widget:visible');
  const input = widget.locator('.quick-input-box input').first();
  const row = (text: string): Locator => widget.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first();

  async function runCommand(title: string): Promise<void> {
    const entry = widget
      .locator('.quick-input-list .monaco-list-row')
      .filter({ has: page.getByText(title, { exact: true }) })
      .first();
    await until(`the palette to offer "${title}"`, async () => {
      await page.keyboard.press('F1');
      const filled = await input.fill(`>${title}`, { timeout: 3000 }).then(
        () => true,
        () => false,
      );
      // An editor that opens at this moment takes the focus, and the palette closes.
      if (!filled) return false;
      const offered = await entry.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
      // An open palette does not hear of commands that come later, as they do just after the start.
      if (!offered) await page.keyboard.press('Escape');
      // The palette may close in between for the same reason; then nothing was clicked.
      return (
        offered &&
        entry.click({ timeout: 3000 }).then(
          () => true,
          () => false,
        )
      );
    });
    await until(`the palette to close after "${title}"`, async () => {
      const shown = await value();
      return shown !== undefined && !shown.startsWith('>');
    });
    // A command begins when the palette has closed; one that clears messages must not meet those of the next.
    await sleep(500);
  }

  /** What stands in the open quick input; empty where none is open, `undefined` where a busy page did not answer. */
  async function value(): Promise<string | undefined> {
    if (!(await widget.isVisible())) return '';
    return input.inputValue({ timeout: 3_000 }).catch(() => undefined);
  }

  return {
    runCommand,
    // What is offered may have to be searched for first.
    pick: (text) => row(text).click({ timeout: 60_000 }),
    tick: (text) => row(text).getByRole('checkbox').click(),
    type: async (text) => {
      await input.fill(text);
      await input.press('Enter');
    },
    chooseFolder: async (start, folder) => {
      // The dialog writes the folder it begins in over whatever was typed before it was ready.
      await until(`a dialog in ${start}`, async () => (await value())?.startsWith(start) === true);
      await input.fill(`${folder}/`);
      // Enter opens a folder that the dialog has not listed yet, and takes one that it has.
      await until('the dialog to close', async () => {
        if (!(await widget.isVisible())) return true;
        const shown = await value();
        if (shown?.startsWith(folder) === true) await input.press('Enter', { timeout: 3_000 }).catch(() => undefined);
        else if (shown !== undefined) await input.fill(`${folder}/`, { timeout: 3_000 }).catch(() => undefined);
        await sleep(1_000);
        return false;
      });
    },
    quickInputText: () => widget.innerText(),
  };
}

function messages(page: Page): Pick<Workbench, 'toast' | 'toastButton' | 'dialogButton'> {
  const toasts = page.locator('.notifications-toasts .notification-toast');
  return {
    toast: (text, timeout = patience) =>
      toasts
        .filter(text === undefined ? {} : { hasText: text })
        .first()
        .locator('.notification-list-item-message')
        .innerText({ timeout }),
    toastButton: async (name) => {
      const button = toasts.getByRole('button', { name }).first();
      await button.waitFor();
      // As late as somebody who read it: of what is told within 0.8 s the workbench shows no more than three, and keeps the rest for the notification center.
      await sleep(1_000);
      await button.click();
    },
    dialogButton: (name) => page.locator('.monaco-dialog-box').getByRole('button', { name }).first().click(),
  };
}

async function openView(page: Page, container: string): Promise<void> {
  const tab = page.locator('.activitybar').getByRole('tab', { name: container });
  await tab.waitFor();
  const selected = page.locator('.activitybar').getByRole('tab', { name: container, selected: true });
  await until(`the view container ${container} to open`, async () => {
    // A click on the open container closes it, and a workbench that has just been loaded may open it between the look and the click.
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    return selected.waitFor({ timeout: 3_000 }).then(
      () => true,
      () => false,
    );
  });
}

async function expand(item: Locator): Promise<void> {
  await item.waitFor();
  if ((await item.getAttribute('aria-expanded')) !== 'true') await item.locator('.monaco-tl-twistie').click();
  await until('the tree to open', async () => {
    const open = (await item.getAttribute('aria-expanded')) === 'true';
    return open && (await item.locator('.codicon-tree-item-loading').count()) === 0;
  });
}

/** An entry shows its actions below the mouse only, and moves when entries before it come. */
async function clickAction(item: Locator, action: string | RegExp): Promise<void> {
  await until(`an entry to do ${String(action)}`, async () => {
    await item.hover();
    const clicked = item.getByRole('button', { name: action }).click({ timeout: 3_000 });
    return clicked.then(
      () => true,
      () => false,
    );
  });
}

async function contextMenu(page: Page, item: Locator, action: string): Promise<void> {
  const entry = page.locator('.monaco-menu').getByText(action);
  const becomes = (state: 'visible' | 'hidden'): Promise<boolean> =>
    entry.waitFor({ state, timeout: 3_000 }).then(
      () => true,
      () => false,
    );
  let tried = false;
  await until(`the context menu to do "${action}"`, async () => {
    if (!(await entry.isVisible())) {
      // The menu of a tree that is still being drawn closes by itself. The first time nothing is open, and the key would clear a selection.
      if (tried) await page.keyboard.press('Escape');
      tried = true;
      await item.click({ button: 'right' });
      if (!(await becomes('visible'))) return false;
    }
    // A menu does not hear the button of the mouse for the first 0.1 s, in which it would be that of the click that opened it.
    await sleep(200);
    const clicked = await entry.click({ timeout: 3_000 }).then(
      () => true,
      () => false,
    );
    return clicked && (await becomes('hidden'));
  });
}

async function panel(page: Page, title: string | RegExp): Promise<Frame> {
  let found: Frame | undefined;
  await until(`a webview titled ${title}`, async () => {
    for (const frame of page.frames()) {
      if (await showsPanel(frame, title).catch(() => false)) found = frame;
    }
    return found !== undefined;
  });
  return found!;
}

/** A webview is a frame in a frame: the outer one lies over the editor, the inner one is the extension's page. */
async function showsPanel(frame: Frame, title: string | RegExp): Promise<boolean> {
  const outer = frame.parentFrame();
  if (outer === null || outer.parentFrame() === null) return false;
  const inner = await frame.frameElement();
  if ((await inner.getAttribute('id')) !== 'active-frame') return false;
  const name = (await inner.getAttribute('title')) ?? '';
  if (typeof title === 'string' ? name !== title : !title.test(name)) return false;
  return (await outer.frameElement()).isVisible();
}

async function editorText(page: Page): Promise<string> {
  const lines = page.locator('.editor-group-container.active .view-lines .view-line');
  await lines.first().waitFor();
  const placed = [];
  for (const line of await lines.all()) {
    const box = await line.boundingBox();
    if (box !== null) placed.push({ ...box, text: (await line.innerText()).replaceAll('\u00a0', ' ') });
  }
  // Lines stand in the document in the order in which they were drawn.
  placed.sort((a, b) => a.x - b.x || a.y - b.y);
  return placed.map((line) => line.text).join('\n');
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + patience;
  while (performance.now() < deadline) {
    if (await holds()) return;
    await sleep(50);
  }
  throw new Error(`waited ${patience / 1000} s for ${what}`);
}
