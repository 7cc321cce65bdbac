/**
 * Opens a panel's page (dist/webview, the shell of src/panels) in Chromium the way the editor does: under the real policy, with the variables of a
 * real theme, and with a host whose answers are functions of the test.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/ensure-chromium.ts';
import { toErrorShape } from '../../src/core/errors.ts';
import { panelProtocolVersion, type ToHost, type ToPanel } from '../../src/protocol/panel-protocol.ts';
import { notCovered } from './postgres.ts';
import { runAxe } from './webview-axe.ts';
import { servePanel, type PanelServer, type ThemeName } from './webview-server.ts';

export { themes, type ThemeName } from './webview-server.ts';

/** Answers of the host side, by method. What they throw arrives in the page as an error. `signal` says that the page no longer waits. */
export type PanelHost<M> = {
  readonly [K in keyof M]?: M[K] extends { params: infer P; result: infer R } ? (params: P, signal: AbortSignal) => R | Promise<R> : never;
};

export interface PanelOptions<M> {
  /** Folder of the page in webview/: `rows`, … */
  readonly panel: string;
  readonly theme?: ThemeName;
  /** What an earlier page kept with setState. */
  readonly state?: unknown;
  readonly host: PanelHost<M>;
  /** CSS pixels; 1400 × 900 unless told. */
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly reducedMotion?: boolean;
  /** In a browser that has no WebGL. */
  readonly withoutWebgl?: boolean;
}

export interface OpenPanel {
  readonly page: Page;
  /** Requests that the page sent, oldest first. */
  readonly calls: readonly { readonly id: number; readonly method: string; readonly params: unknown }[];
  /** Ids of requests that the page cancelled. */
  readonly cancelled: readonly number[];
  /** Waits until the page has asked for `method` with these parameters, last of all requests of that name. */
  asked(method: string, params: unknown): Promise<void>;
  /** What the page kept last with setState. */
  state(): unknown;
  /** Sends an event that nobody asked for. */
  emit(event: string, payload: unknown): Promise<void>;
  /** Sends any message, for tests of the messenger. */
  send(message: unknown): Promise<void>;
  /** Breaches of the content security policy. */
  violations(): readonly string[];
  /** Errors on the console and errors that nobody caught. */
  errors(): readonly string[];
  /** What axe finds, one line each; empty when the page is clean. */
  axe(): Promise<readonly string[]>;
  /** No breach of the policy, no error, nothing that axe finds. */
  assertClean(): Promise<void>;
  /** Writes `.cache/screenshots/<panel>-<name>.png` and returns its path. */
  screenshot(name: string): Promise<string>;
  close(): Promise<void>;
}

/** Skips the suite where no Chromium is installed; a failure under SLUICE_TEST_REQUIRE=all. */
export function requireChromium(context: Mocha.Context): void {
  context.timeout(60_000);
  if (findChromium() !== null) return;
  const note = 'Chromium is not installed (`node scripts/ensure-chromium.ts` installs it)';
  if (process.env['SLUICE_TEST_REQUIRE'] === 'all') throw new Error(note);
  notCovered(`pages of the panels: ${note}`);
  context.skip();
}

/** For a suite of one page: skips it without Chromium, and closes after each test what it opened. */
export function panelSuite(): { open<M>(options: PanelOptions<M>): Promise<OpenPanel>; panel(): OpenPanel } {
  let panel: OpenPanel | undefined;
  before(function () {
    requireChromium(this);
  });
  afterEach(async () => {
    await panel?.close();
    panel = undefined;
  });
  return {
    async open(options) {
      await panel?.close();
      return (panel = await openPanel(options));
    },
    panel: () => {
      assert.ok(panel !== undefined, 'no page is open');
      return panel;
    },
  };
}

/** Opens the page; it is loaded and has sent `ready` when this returns (not necessarily drawn: use Playwright's waiting locators). */
export async function openPanel<M>(options: PanelOptions<M>): Promise<OpenPanel> {
  const server = await servePanel(options.panel, options.theme ?? 'dark');
  const context = await (
    await openBrowser(options.withoutWebgl === true)
  ).newContext({
    viewport: options.viewport ?? { width: 1400, height: 900 },
    reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
  });
  try {
    return await load(context, server, options);
  } catch (error) {
    await shut(context, server);
    throw error;
  }
}

async function load<M>(context: BrowserContext, server: PanelServer, options: PanelOptions<M>): Promise<OpenPanel> {
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const host = new HostSide(page, options.host, options.state);
  const violations: string[] = [];
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.exposeFunction('sluiceTestViolation', (text: string) => violations.push(text));
  await page.exposeFunction('sluiceTestState', (state: unknown) => {
    host.kept = state;
  });
  await page.exposeFunction('sluiceTestMessage', (message: ToHost) => host.receive(message));
  await page.addInitScript(`(${editorApi})(${JSON.stringify(options.state ?? null)})`);
  await page.goto(server.url, { waitUntil: 'load' });
  return {
    page,
    calls: host.calls,
    cancelled: host.cancelled,
    asked: (method, params) => asked(host.calls, method, params),
    state: () => host.kept,
    emit: (event, payload) => host.send({ v: panelProtocolVersion, event, payload }),
    send: (message) => host.send(message),
    violations: () => violations,
    errors: () => errors,
    axe: () => runAxe(page),
    assertClean: async () => assert.deepEqual([violations, errors, await runAxe(page)], [[], [], []]),
    screenshot: (name) => screenshot(page, `${options.panel}-${name}`),
    close: () => shut(context, server),
  };
}

async function asked(calls: OpenPanel['calls'], method: string, params: unknown): Promise<void> {
  const last = (): unknown => calls.findLast((call) => call.method === method)?.params;
  for (let waited = 0; waited < 3_000 && !isDeepStrictEqual(last(), params); waited += 20) await sleep(20);
  assert.deepEqual(last(), params);
}

type Answer = ((params: unknown, signal: AbortSignal) => unknown) | undefined;

/** Stands for the extension's side of one panel. */
class HostSide {
  readonly calls: { id: number; method: string; params: unknown }[] = [];
  readonly cancelled: number[] = [];
  kept: unknown;
  readonly #page: Page;
  readonly #answers: Record<string, Answer>;
  readonly #running = new Map<number, AbortController>();

  constructor(page: Page, answers: Record<string, Answer>, state: unknown) {
    this.#page = page;
    this.#answers = answers;
    this.kept = state;
  }

  async receive(message: ToHost): Promise<void> {
    if ('cancel' in message) {
      this.cancelled.push(message.cancel);
      this.#running.get(message.cancel)?.abort();
      return;
    }
    const { id, method, params } = message;
    this.calls.push({ id, method, params });
    const aborter = new AbortController();
    this.#running.set(id, aborter);
    await this.send(await this.#answer(id, method, params, aborter.signal));
    this.#running.delete(id);
  }

  async #answer(id: number, method: string, params: unknown, signal: AbortSignal): Promise<ToPanel> {
    const v = panelProtocolVersion;
    try {
      const answer = this.#answers[method];
      if (answer === undefined) throw new Error(`the test's host has no method ${method}`);
      return { v, id, result: await answer(params, signal) };
    } catch (error) {
      return { v, id, error: toErrorShape(error) };
    }
  }

  /** Typed arrays arrive as typed arrays, as they do in the editor. */
  async send(message: unknown): Promise<void> {
    const post = (sent: unknown): void => {
      (globalThis as unknown as { postMessage(message: unknown, origin: string): void }).postMessage(sent, '*');
    };
    await this.#page.evaluate(post, message).catch((error: unknown) => {
      if (!this.#page.isClosed()) throw error;
    });
  }
}

/** Runs in the page before its own script, where the policy does not yet apply; that is how the editor does it as well. */
const editorApi = `function (kept) {
  window.addEventListener('securitypolicyviolation', (event) => {
    const place = (event.sourceFile || '') + ':' + event.lineNumber;
    window.sluiceTestViolation(event.violatedDirective + ' blocked ' + event.blockedURI + ' at ' + place + ' ' + event.sample);
  }, true);
  let state = kept === null ? undefined : kept;
  let acquired = false;
  globalThis.acquireVsCodeApi = () => {
    if (acquired) throw new Error('An instance of the VS Code API has already been acquired');
    acquired = true;
    return Object.freeze({
      postMessage: (message) => void window.sluiceTestMessage(JSON.parse(JSON.stringify(message))),
      getState: () => state,
      setState: (next) => {
        state = JSON.parse(JSON.stringify(next));
        void window.sluiceTestState(state);
        return next;
      },
    });
  };
}`;

async function screenshot(page: Page, name: string): Promise<string> {
  const folder = join(import.meta.dirname, '../../.cache/screenshots');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  return path;
}

const plain = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const switches = { plain, withoutWebgl: [...plain, '--disable-3d-apis'] };
const browsers = new Map<keyof typeof switches, Promise<Browser>>();
let openPages = 0;
let closing: NodeJS.Timeout | undefined;

/** One browser of a kind for all pages of a test file; they end soon after the last page was closed. */
function openBrowser(withoutWebgl: boolean): Promise<Browser> {
  openPages += 1;
  clearTimeout(closing);
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('Chromium is not installed');
  const kind = withoutWebgl ? 'withoutWebgl' : 'plain';
  const browser = browsers.get(kind) ?? chromium.launch({ executablePath, args: switches[kind] });
  browsers.set(kind, browser);
  return browser;
}

async function shut(context: BrowserContext, server: PanelServer): Promise<void> {
  await context.close();
  await server.close();
  openPages -= 1;
  if (openPages > 0) return;
  closing = setTimeout(() => {
    const last = [...browsers.values()];
    browsers.clear();
    for (const browser of last) void browser.then((open) => open.close());
  }, 500);
}
