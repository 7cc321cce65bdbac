/** Serves one panel's page on 127.0.0.1 as the editor would show it. Part of webview.ts. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { panelHtml } from '../../src/panels/panel-shell.ts';

/** Default Dark Modern, Light Modern, High Contrast and High Contrast Light of the editor. */
export const themes = ['dark', 'light', 'hc-black', 'hc-light'] as const;
export type ThemeName = (typeof themes)[number];

export interface PanelServer {
  readonly url: string;
  close(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist/webview');
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
  '.map': 'application/json',
};

/** Serves dist/webview and, at `/`, the page of the panel. */
export async function servePanel(panel: string, theme: ThemeName): Promise<PanelServer> {
  if (!existsSync(join(dist, `${panel}.js`))) throw new Error(`dist/webview/${panel}.js is missing: node scripts/build-webview.ts`);
  let origin = '';
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', origin).pathname);
    const file = join(dist, path);
    if (path === '/') response.setHeader('content-type', 'text/html; charset=utf-8').end(pageOf(panel, theme, origin));
    else if (file.startsWith(dist) && existsSync(file)) {
      response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream').end(readFileSync(file));
    } else response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pageOf(panel: string, theme: ThemeName, origin: string): string {
  const style = join(dist, `${panel}.css`);
  const html = panelHtml({
    title: panel,
    cspSource: origin,
    nonce: 'n0nceOfTheTest',
    scriptUri: `${origin}/${panel}.js`,
    styleUris: existsSync(style) ? [`${origin}/${panel}.css`] : [],
    codiconUri: `${origin}/codicons/codicon.css`,
    language: 'en',
  });
  return withTheme(html, theme);
}

/** Puts in what the editor puts in: variables on the root element, classes on the body, and its default styles before everything else. */
function withTheme(html: string, name: ThemeName): string {
  const theme = JSON.parse(readFileSync(join(root, 'test/fixtures/themes', `${name}.json`), 'utf8')) as Theme;
  const variables = { ...fonts, ...theme.variables, ...contributedColors(theme) };
  const style = Object.entries(variables).map(([variable, value]) => `${variable}: ${value};`);
  const defaults = readFileSync(join(root, 'test/fixtures/themes/webview-defaults.css'), 'utf8');
  const reads = theme.kind.includes('light') ? 'light' : 'dark';
  return html
    .replace('<html ', `<html style="${style.join(' ').replaceAll('"', '&quot;')} color-scheme: ${reads};" `)
    .replace('<head>', `<head><style id="_defaultStyles">${defaults}</style>`)
    .replace('<body>', `<body class="${theme.kind}" data-vscode-theme-kind="${theme.kind}" role="document">`);
}

interface Theme {
  readonly kind: 'vscode-dark' | 'vscode-light' | 'vscode-high-contrast' | 'vscode-high-contrast-light';
  readonly variables: Readonly<Record<string, string>>;
}

const fonts = {
  '--vscode-font-family': 'system-ui, "Ubuntu", "Droid Sans", sans-serif',
  '--vscode-font-weight': 'normal',
  '--vscode-font-size': '13px',
  '--vscode-editor-font-family': '"Droid Sans Mono", "monospace", monospace',
  '--vscode-editor-font-weight': 'normal',
  '--vscode-editor-font-size': '14px',
};

const kindKeys = {
  'vscode-dark': 'dark',
  'vscode-light': 'light',
  'vscode-high-contrast': 'highContrast',
  'vscode-high-contrast-light': 'highContrastLight',
} as const;

/** The colours of our own package.json, whose defaults name colours of the editor. */
function contributedColors({ kind, variables }: Theme): Record<string, string> {
  const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    contributes: { colors: { id: string; defaults: Record<(typeof kindKeys)[Theme['kind']], string> }[] };
  };
  const variable = (id: string): string => `--vscode-${id.replaceAll('.', '-')}`;
  return Object.fromEntries(
    contributes.colors.map(({ id, defaults }) => {
      const value = defaults[kindKeys[kind]];
      return [variable(id), value.startsWith('#') ? value : (variables[variable(value)] ?? '')];
    }),
  );
}
