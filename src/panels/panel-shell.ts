/** What a panel's page is made of. All addresses are those of the webview (`asWebviewUri`). */
export interface PanelPage {
  readonly title: string;
  /** `webview.cspSource`. */
  readonly cspSource: string;
  /** Fresh for each page; letters and digits. */
  readonly nonce: string;
  readonly scriptUri: string;
  readonly styleUris: readonly string[];
  /** The style sheet of codicons; its font lies beside it. */
  readonly codiconUri: string;
  /** `vscode.env.language`. */
  readonly language: string;
}

/**
 * The page of every panel. The toolkit reads the nonce from the meta element to be allowed its styles; the script stands at the end of the body
 * and runs before `load`, when the toolkit takes the colours over.
 */
export function panelHtml(page: PanelPage): string {
  const styles = [page.codiconUri, ...page.styleUris].map((uri) => `<link rel="stylesheet" href="${escapeHtml(uri)}">`);
  return `<!DOCTYPE html>
<html lang="${escapeHtml(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(contentSecurityPolicy(page))}">
<meta property="csp-nonce" content="${escapeHtml(page.nonce)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)}</title>
${styles.join('\n')}
</head>
<body>
<main>
<h1 class="visually-hidden">${escapeHtml(page.title)}</h1>
<div id="page"><p class="page-loading">Loading…</p></div>
</main>
<noscript>This page needs scripts.</noscript>
<script nonce="${escapeHtml(page.nonce)}" src="${escapeHtml(page.scriptUri)}"></script>
</body>
</html>
`;
}

function contentSecurityPolicy({ cspSource, nonce }: PanelPage): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
    'worker-src blob:',
  ].join('; ');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
