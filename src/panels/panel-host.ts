import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { panelProtocolVersion, type ToPanel } from '../protocol/panel-protocol.ts';
import { answerPage, readMessage, type PageSurroundings } from './answer-page.ts';
import type { PanelChecks } from './check-params.ts';
import { panelHtml } from './panel-shell.ts';

/** Answers of one panel. `signal`: aborted when the page no longer waits or the panel is closed. */
export type PanelHandlers<M> = {
  readonly [K in keyof M]: M[K] extends { readonly params: infer P; readonly result: infer R }
    ? (params: P, signal: AbortSignal) => Promise<R> | R
    : never;
};

/** What makes one kind of panel. */
export interface PanelKind<S, M extends object> {
  readonly viewType: string;
  /** Folder under webview/ and name of its bundle. */
  readonly page: string;
  title(subject: S): string;
  /** Made when the page is opened; `panel` may change its title and tell the page what happened. */
  handlers(subject: S, panel: OpenPanel): PanelHandlers<M>;
  /** A subject that a reloaded window kept, checked; null when it is not one. */
  parse(state: unknown): S | null;
}

export interface OpenPanel {
  setTitle(title: string): void;
  /** Told to the page as an event. */
  tell(event: string, payload: unknown): void;
  /** Disposed with the panel. */
  own(disposable: { dispose(): void }): void;
}

export interface PanelHostParts {
  readonly extensionUri: vscode.Uri;
  readonly log: { debug(message: string): void };
}

/** Opens the panels of one kind: one tab per subject, which comes back after a reload of the window. */
export class PanelHost<S extends object, M extends object> {
  readonly #kind: PanelKind<S, M>;
  readonly #checks: PanelChecks<M>;
  readonly #extensionUri: vscode.Uri;
  readonly #log: PanelHostParts['log'];
  readonly #open = new Map<string, { readonly panel: vscode.WebviewPanel; readonly subject: S }>();

  constructor(kind: PanelKind<S, M>, checks: PanelChecks<M>, { extensionUri, log }: PanelHostParts) {
    this.#kind = kind;
    this.#checks = checks;
    this.#extensionUri = extensionUri;
    this.#log = log;
  }

  /** Brings the subject's tab to the front, or makes it. */
  show(subject: S): void {
    const known = this.#open.get(keyOf(subject));
    if (known !== undefined) {
      known.panel.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      this.#kind.viewType,
      this.#kind.title(subject),
      vscode.ViewColumn.Active,
      this.#options(),
    );
    this.#attach(panel, subject);
  }

  register(): vscode.Disposable {
    // A page that came back before the workspace was trusted has got no answer yet.
    const trusted = vscode.workspace.onDidGrantWorkspaceTrust(() => {
      for (const { panel, subject } of this.#open.values()) panel.webview.html = this.#html(panel.webview, this.#kind.title(subject));
    });
    const serializer = vscode.window.registerWebviewPanelSerializer(this.#kind.viewType, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        const subject = this.#kind.parse((state as { readonly subject?: unknown } | undefined)?.subject);
        if (subject === null) {
          panel.dispose();
          return;
        }
        panel.webview.options = this.#options();
        this.#attach(panel, subject);
      },
    });
    return vscode.Disposable.from(trusted, serializer);
  }

  dispose(): void {
    for (const { panel } of this.#open.values()) panel.dispose();
  }

  #options(): vscode.WebviewOptions {
    return {
      enableScripts: true,
      enableCommandUris: false,
      localResourceRoots: [vscode.Uri.joinPath(this.#extensionUri, 'dist', 'webview')],
    };
  }

  #attach(panel: vscode.WebviewPanel, subject: S): void {
    const key = keyOf(subject);
    this.#open.set(key, { panel, subject });
    const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(this.#extensionUri, 'media', `panel-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    const owned: { dispose(): void }[] = [];
    const handlers = this.#kind.handlers(subject, {
      setTitle: (title) => (panel.title = title),
      tell: (event, payload) => void panel.webview.postMessage({ v: panelProtocolVersion, event, payload } satisfies ToPanel),
      own: (disposable) => owned.push(disposable),
    });
    const waiting = new Map<number, AbortController>();
    const surroundings = { handlers, checks: this.#checks, isAllowed: () => vscode.workspace.isTrusted };
    panel.webview.onDidReceiveMessage((message: unknown) => void this.#receive(panel, surroundings, waiting, message));
    panel.onDidDispose(() => {
      if (this.#open.get(key)?.panel === panel) this.#open.delete(key);
      for (const controller of waiting.values()) controller.abort();
      for (const disposable of owned) disposable.dispose();
    });
    panel.webview.html = this.#html(panel.webview, this.#kind.title(subject));
  }

  async #receive(
    panel: vscode.WebviewPanel,
    surroundings: PageSurroundings,
    waiting: Map<number, AbortController>,
    received: unknown,
  ): Promise<void> {
    const message = readMessage(received);
    if (message === null) {
      this.#log.debug(`${this.#kind.page}: a message of another shape`);
      return;
    }
    if ('cancel' in message) {
      waiting.get(message.cancel)?.abort();
      return;
    }
    const controller = new AbortController();
    waiting.set(message.id, controller);
    const answer = await answerPage(surroundings, message, controller.signal);
    if (waiting.get(message.id) === controller) waiting.delete(message.id);
    if ('error' in answer && answer.error.code !== 'cancelled')
      this.#log.debug(`${this.#kind.page}.${JSON.stringify(message.method.slice(0, 100))}: ${answer.error.code}`);
    // A closed panel takes no messages, and even asking for its webview throws.
    await Promise.resolve()
      .then(() => panel.webview.postMessage(answer))
      .catch(() => undefined);
  }

  #html(webview: vscode.Webview, title: string): string {
    const file = (name: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.#extensionUri, 'dist', 'webview', name)).toString();
    return panelHtml({
      title,
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('hex'),
      scriptUri: file(`${this.#kind.page}.js`),
      styleUris: [file(`${this.#kind.page}.css`)],
      codiconUri: file('codicons/codicon.css'),
      language: vscode.env.language,
    });
  }
}

/** Subjects are small and plain; the same subject is the same tab. */
function keyOf(subject: object): string {
  return JSON.stringify(Object.entries(subject).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
