import assert from 'node:assert/strict';
import { MigrationError } from '../../src/core/errors.ts';
import { panelHtml } from '../../src/panels/panel-shell.ts';
import type { RowsPanelMethods } from '../../src/protocol/rows-panel.ts';
import { createPages } from '../../webview/shared/grid/page-cache.ts';
import { openPanel, requireChromium, type OpenPanel } from '../helpers/webview.ts';
import { init, rowsHost } from './rows-host.ts';

describe('parts of all pages', () => {
  let panel: OpenPanel | undefined;

  before(function () {
    requireChromium(this);
  });
  afterEach(async () => {
    await panel?.close();
    panel = undefined;
  });

  it('say what went wrong at the start instead of staying blank, and try again', async () => {
    let attempts = 0;
    panel = await openPanel<RowsPanelMethods>({
      panel: 'rows',
      host: {
        ...rowsHost(10),
        ready: () => {
          attempts += 1;
          if (attempts === 1) throw new MigrationError('bad-usage', { context: { detail: 'no such target', hint: 'Connect it first.' } });
          return init(10);
        },
      },
    });
    const { page } = panel;
    await page.getByRole('alert').getByText('no such target').waitFor();
    assert.deepEqual([panel.violations(), panel.errors(), await panel.axe()], [[], [], []]);
    await page.getByRole('button', { name: 'Try Again' }).click();
    await page.getByRole('grid').waitFor();
    assert.equal(await page.getByRole('alert').filter({ visible: true }).count(), 0);
  });

  it('show an error that nobody caught above the page, which stays', async () => {
    panel = await openPanel<RowsPanelMethods>({
      panel: 'rows',
      host: {
        ...rowsHost(10),
        openSql: () => {
          throw new MigrationError('internal', { context: { detail: 'the editor refused' } });
        },
      },
    });
    const { page } = panel;
    await page.locator('[data-row="0"]').waitFor();
    await page.getByRole('button', { name: 'Open SQL in an editor' }).click();
    await page.getByRole('region', { name: 'Error' }).getByText('the editor refused').waitFor();
    assert.ok(await page.getByRole('grid').isVisible());
    assert.deepEqual(await panel.axe(), []);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    assert.equal(await page.getByRole('region', { name: 'Error' }).count(), 0);
  });

  it('refuse messages of another version and ignore what is none of theirs', async () => {
    panel = await openPanel<RowsPanelMethods>({ panel: 'rows', host: rowsHost(10) });
    const { page } = panel;
    await page.locator('[data-row="0"]').waitFor();
    await panel.send('hello');
    await panel.send({ other: 1 });
    await panel.send({ v: 1, id: 999, result: 'an answer to nothing' });
    await panel.emit('unknown', null);
    assert.equal(await page.getByRole('region', { name: 'Error' }).count(), 0);
    await panel.send({ v: 2, id: 1, result: null });
    await page.getByRole('region', { name: 'Error' }).getByText('another version').waitFor();
  });

  it('take the colours of the theme over into the controls', async () => {
    panel = await openPanel<RowsPanelMethods>({ panel: 'rows', theme: 'light', host: rowsHost(10) });
    const color = `getComputedStyle(document.querySelector('vscode-text-field').shadowRoot.querySelector('.root')).backgroundColor`;
    await panel.page.locator('[data-row="0"]').waitFor();
    assert.equal(await panel.page.evaluate(color), 'rgb(255, 255, 255)');
  });

  it('do not move where motion is unwanted', async () => {
    const duration = `(() => { const area = document.querySelector('.rows-workspace'); area.classList.add('is-loading'); return getComputedStyle(area, '::before').animationDuration; })()`;
    const seconds = async (reducedMotion: boolean): Promise<number> => {
      await panel?.close();
      panel = await openPanel<RowsPanelMethods>({ panel: 'rows', host: rowsHost(10), reducedMotion });
      await panel.page.locator('[data-row="0"]').waitFor();
      return parseFloat(await panel.page.evaluate<string>(duration));
    };
    assert.ok((await seconds(false)) > 0.1, 'there is something that moves');
    assert.ok((await seconds(true)) < 0.001);
  });
});

describe('panelHtml', () => {
  const html = panelHtml({
    title: 'reports <b>: Rows',
    cspSource: 'https://a.example "x"',
    nonce: 'abc123',
    scriptUri: 'https://a.example/rows.js?a=1&b=2',
    styleUris: ['https://a.example/rows.css'],
    codiconUri: 'https://a.example/codicons/codicon.css',
    language: 'de',
  });

  it('has the strict policy, and the nonce where the toolkit looks for it', () => {
    const policy =
      "default-src 'none'; script-src 'nonce-abc123'; style-src https://a.example &quot;x&quot; 'nonce-abc123'; " +
      'font-src https://a.example &quot;x&quot;; img-src https://a.example &quot;x&quot; data:; worker-src blob:';
    assert.ok(html.includes(`<meta http-equiv="Content-Security-Policy" content="${policy}">`));
    assert.ok(html.includes('<meta property="csp-nonce" content="abc123">'));
    assert.ok(html.includes('<html lang="de">'));
  });

  it('escapes what it is given', () => {
    assert.ok(html.includes('<title>reports &lt;b&gt;: Rows</title>'));
    assert.ok(html.includes('src="https://a.example/rows.js?a=1&amp;b=2"'));
  });
});

describe('createPages', () => {
  interface Request {
    readonly offset: number;
    readonly signal: AbortSignal;
    readonly answer: (rows: readonly number[]) => void;
    readonly fail: (error: Error) => void;
  }
  const numbers = (offset: number, limit: number): number[] => Array.from({ length: limit }, (_, at) => offset + at);
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  function setting(keep: number) {
    const requests: Request[] = [];
    const errors: unknown[] = [];
    const pages = createPages<number>({
      load: (offset, _limit, signal) => new Promise((answer, fail) => requests.push({ offset, signal, answer, fail })),
      onChange: () => undefined,
      onError: (error) => errors.push(error),
      pageSize: 10,
      keep,
    });
    return { pages, requests, errors };
  }

  it('loads what is visible once', async () => {
    const { pages, requests } = setting(5);
    pages.want(5, 15);
    pages.want(5, 15);
    assert.deepEqual(
      requests.map(({ offset }) => offset),
      [0, 10],
    );
    for (const { offset, answer } of requests) answer(numbers(offset, 10));
    await turn();
    assert.deepEqual([pages.row(0), pages.row(19), pages.row(20)], [0, 19, null]);
  });

  it('stays bounded and keeps what is near', async () => {
    const { pages, requests } = setting(3);
    for (let first = 0; first < 100; first += 10) {
      pages.want(first, first + 10);
      requests.at(-1)!.answer(numbers(first, 10));
      await turn();
    }
    const held = numbers(0, 100).filter((index) => pages.row(index) !== null);
    assert.ok(held.length <= 40 && held.includes(99) && !held.includes(0));
  });

  it('cancels requests that scrolling has left behind, and drops their answers', async () => {
    const { pages, requests } = setting(5);
    pages.want(0, 10);
    pages.want(900, 910);
    assert.deepEqual(
      requests.map(({ signal }) => signal.aborted),
      [true, false],
    );
    requests[0]!.answer(numbers(0, 10));
    await turn();
    assert.equal(pages.row(0), null);
  });

  it('reports a page that fails, and asks for it again after scrolling away and back', async () => {
    const { pages, requests, errors } = setting(5);
    pages.want(0, 10);
    requests[0]!.fail(new Error('connection lost'));
    await turn();
    pages.want(0, 10);
    assert.deepEqual([errors.length, requests.length], [1, 1]);
    pages.want(10, 20);
    pages.want(0, 10);
    assert.deepEqual(
      requests.map(({ offset }) => offset),
      [0, 10, 0],
    );
  });

  it('forgets answers that were under way when it is cleared', async () => {
    const { pages, requests } = setting(5);
    pages.want(0, 10);
    pages.clear([42]);
    requests[0]!.answer(numbers(0, 10));
    await turn();
    assert.deepEqual([pages.row(0), pages.row(1)], [42, null]);
  });

  it('gives ranges for copying, also of pages that are not at hand', async () => {
    const { pages, requests } = setting(5);
    pages.want(0, 10);
    requests[0]!.answer(numbers(0, 10));
    await turn();
    const range = pages.range(8, 12);
    await turn();
    requests[1]!.answer([10, 11]);
    assert.deepEqual(await range, [8, 9, 10, 11]);
  });
});
