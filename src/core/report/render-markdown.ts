import type { ReportBlock, ReportColumn } from './report-block.ts';
import { reportSections, reportTitle } from './report-sections.ts';
import type { RunReport } from './run-report.ts';
import { visibleControls } from './visible-controls.ts';

/** The report as GitHub-flavoured Markdown, readable as plain text too. Values can neither break a table nor become markup. */
export function renderMarkdown(report: RunReport): string {
  const sections = reportSections(report).map(({ title, blocks }) =>
    [`## ${escapeMarkdown(title)}`, ...blocks.map(renderBlock)].join('\n\n'),
  );
  return `${[`# ${escapeMarkdown(reportTitle(report))}`, ...sections].join('\n\n')}\n`;
}

function renderBlock(block: ReportBlock): string {
  switch (block.kind) {
    case 'heading':
      return `### ${escapeMarkdown(block.text)}`;
    case 'text':
      return escapeMarkdown(block.text);
    case 'list':
      return block.items.map((item) => `- ${escapeMarkdown(item)}`).join('\n');
    case 'tasks':
      return block.items.map((item) => `- [ ] ${escapeMarkdown(item)}`).join('\n');
    case 'code':
      return renderCode(block.language, block.text);
    case 'table':
      return renderTable(block.columns, block.rows);
  }
}

/** The fence is longer than any run of backticks inside. */
function renderCode(language: string, raw: string): string {
  const text = raw.split('\n').map(visibleControls).join('\n');
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

function renderTable(columns: readonly ReportColumn[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map((column) => escapeMarkdown(column.title));
  const cells = rows.map((row) => columns.map((_, i) => escapeMarkdown(row[i] ?? '')));
  const widths = titles.map((title, i) => Math.max(3, title.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => (columns[i]?.align === 'right' ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `| ${columns.map((column, i) => (column.align === 'right' ? `${'-'.repeat((widths[i] ?? 3) - 1)}:` : '-'.repeat(widths[i] ?? 3))).join(' | ')} |`;
  return [line(titles), rule, ...cells.map(line)].join('\n');
}

/** Underscores inside a word mean nothing in Markdown, so names stay readable. */
export function escapeMarkdown(text: string): string {
  return visibleControls(text)
    .replace(/[\\`*[\]|~#]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
