import { element, fill } from './dom.ts';
import { highlighted } from './highlight.ts';
import { iconButton } from './ui.ts';

/** The SQL that ran, in several lines, with Copy and Open. */
export function createSqlBlock(actions: { readonly copy: (sql: string) => void; readonly open: (sql: string) => void }): {
  readonly root: HTMLElement;
  setSql(sql: string): void;
} {
  let current = '';
  const text = element('pre', { class: 'sql-text', tabindex: 0, role: 'region', 'aria-label': 'SQL that ran' });
  const buttons = element(
    'div',
    { class: 'sql-actions' },
    iconButton('copy', 'Copy SQL', () => actions.copy(current)),
    iconButton('link-external', 'Open SQL in an editor', () => actions.open(current)),
  );
  const root = element('div', { class: 'sql-block', hidden: true }, text, buttons);
  return {
    root,
    setSql(sql) {
      current = sql;
      root.hidden = false;
      fill(text, ...highlighted(sql, 'sql'));
    },
  };
}
