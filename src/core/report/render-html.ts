import type { ReportBlock, ReportColumn, ReportSection } from './report-block.ts';
import { reportSections, reportTitle } from './report-sections.ts';
import { reportStyle } from './report-style.ts';
import type { RunReport } from './run-report.ts';
import { visibleControls } from './visible-controls.ts';

/** The report as one self-contained page: no scripts, nothing loaded, every value escaped; its own policy forbids the rest. */
export function renderHtml(report: RunReport): string {
  const title = escapeHtml(reportTitle(report));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
${reportStyle}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${reportSections(report).map(renderSection).join('\n')}
</main>
</body>
</html>
`;
}

function renderSection(section: ReportSection): string {
  return `<section>\n<h2>${escapeHtml(section.title)}</h2>\n${section.blocks.map(renderBlock).join('\n')}\n</section>`;
}

function renderBlock(block: ReportBlock): string {
  switch (block.kind) {
    case 'heading':
      return `<h3>${escapeHtml(block.text)}</h3>`;
    case 'text':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
    case 'tasks':
      return `<ul class="tasks">${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
    case 'code':
      return `<pre tabindex="0"><code>${escapeHtml(block.text, false)}</code></pre>`;
    case 'table':
      return renderTable(block.columns, block.rows);
  }
}

function renderTable(columns: readonly ReportColumn[], rows: readonly (readonly string[])[]): string {
  const head = columns.map((column) => `<th scope="col"${alignment(column)}>${escapeHtml(column.title)}</th>`).join('');
  const body = rows.map(
    (row) => `<tr>${columns.map((column, i) => `<td${alignment(column)}>${escapeHtml(row[i] ?? '')}</td>`).join('')}</tr>`,
  );
  return `<div class="wide" tabindex="0">\n<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>\n</div>`;
}

function alignment(column: ReportColumn): string {
  return column.align === 'right' ? ' class="number"' : '';
}

/** Line breaks of code stay; every other control character becomes visible. */
function escapeHtml(text: string, oneLine = true): string {
  const shown = oneLine ? visibleControls(text) : text.split('\n').map(visibleControls).join('\n');
  return shown.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
