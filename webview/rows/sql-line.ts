import { element, fill } from '../shared/dom.ts';
import { highlighted } from '../shared/highlight.ts';
import { iconButton } from '../shared/ui.ts';

/** The SQL that ran, in one line, with Copy and Open. */
export function createSqlLine(actions: { readonly copy: (sql: string) => void; readonly open: (sql: string) => void }): {
  readonly root: HTMLElement;
  setSql(sql: string): void;
} {
  let current = '';
  const text = element('code', { class: 'sql-text', tabindex: 0, role: 'region', 'aria-label': 'SQL that ran' });
  const root = element(
    'div',
    { class: 'sql-line' },
    text,
    iconButton('copy', 'Copy SQL', () => actions.copy(current)),
    iconButton('link-external', 'Open SQL in an editor', () => actions.open(current)),
  );
  return {
    root,
    setSql(sql) {
      current = sql;
      fill(text, ...highlighted(sql.replace(/\s+/g, ' ').trim(), 'sql'));
    },
  };
}
