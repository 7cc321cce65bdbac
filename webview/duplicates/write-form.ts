import type { PairTablePreview, WrittenPairs } from '../../src/core/model/duplicates.ts';
import type { DuplicatesPanelTable } from '../../src/protocol/duplicates-panel.ts';
import { announce } from '../shared/announcer.ts';
import { element, fill } from '../shared/dom.ts';
import { labelled } from '../shared/search-fields.ts';
import { plural } from '../shared/quantities.ts';
import { createSqlBlock } from '../shared/sql-block.ts';
import { button, textField } from '../shared/ui.ts';

export interface WriteActions {
  readonly preview: (table: DuplicatesPanelTable) => Promise<PairTablePreview>;
  /** null = the user did not go on. */
  readonly write: (table: DuplicatesPanelTable) => Promise<WrittenPairs | null>;
  readonly copy: (sql: string) => void;
  readonly open: (sql: string) => void;
  /** Fault of what was asked, in words; null = show it elsewhere. */
  readonly faultOf: (error: unknown) => string | null;
}

export interface WriteForm {
  readonly root: HTMLElement;
  /** Pairs of the last search; null = there is none. What was previewed for others is taken back. */
  setPairs(count: number | null): void;
}

/** Writes pairs into a table: its name first, then what will be done, then the button that does it. */
export function createWriteForm(usual: string, actions: WriteActions): WriteForm {
  let pairs: number | null = null;
  const clear = (): void => {
    fill(preview);
    done.textContent = '';
    error.hidden = true;
    name.classList.remove('invalid');
  };
  const name = textField({
    label: 'Table',
    value: usual,
    attributes: { 'aria-describedby': 'write-error' },
    onInput: clear,
    onEnter: () => void show(),
  });
  const columns = textField({ label: 'Columns', placeholder: 'as usual', onInput: clear, onEnter: () => void show() });
  for (const field of [name, columns]) field.classList.add('code');
  const error = element('p', { id: 'write-error', class: 'field-error', role: 'alert', hidden: true });
  const preview = element('div', { class: 'write-preview' });
  const done = element('p', { class: 'write-done', role: 'status' });
  const sql = createSqlBlock({ copy: actions.copy, open: actions.open });
  const look = button('Write to Table…', { icon: 'table', onClick: () => void show() });

  const wanted = (): DuplicatesPanelTable => {
    const names = columns.value.split(',').map((text) => text.trim());
    return { table: name.value.trim(), columns: columns.value.trim() === '' ? null : names };
  };

  async function attempt(work: () => Promise<void>): Promise<void> {
    clear();
    try {
      await work();
    } catch (thrown) {
      const fault = actions.faultOf(thrown);
      if (fault === null) throw thrown;
      error.hidden = false;
      error.textContent = fault;
      name.classList.add('invalid');
    }
  }

  function show(): Promise<void> {
    return attempt(async () => {
      const table = wanted();
      const told = await actions.preview(table);
      sql.setSql(told.sql);
      const write = button(pairs === null ? 'Write' : `Write ${plural(pairs, 'Pair')}`, {
        appearance: 'primary',
        onClick: () => void attempt(() => perform(table)),
      });
      fill(preview, element('p', {}, sentence(told)), sql.root, element('div', { class: 'write-buttons' }, write));
      announce(sentence(told));
      write.focus();
    });
  }

  async function perform(table: DuplicatesPanelTable): Promise<void> {
    const written = await actions.write(table);
    done.textContent = written === null ? 'Nothing was written.' : outcome(written);
    look.focus();
  }

  return {
    root: element(
      'section',
      { class: 'write', 'aria-label': 'Write to a table' },
      element('h2', {}, 'Write the pairs'),
      element('div', { class: 'search-form' }, ...labelled('Table', name), ...labelled('Columns', columns), error),
      element('div', { class: 'write-buttons' }, look),
      preview,
      done,
    ),
    setPairs(count) {
      pairs = count;
      look.disabled = count === null;
      clear();
    },
  };
}

function sentence({ table, columns, there }: PairTablePreview): string {
  const names = columns.join(', ');
  return there
    ? `${table} is there: pairs that it lacks are added, other similarities are put right (${names}), and its other rows stay.`
    : `${table} is made, with ${names}, and the pairs are written into it.`;
}

/** "214 pairs written, 3 similarities put right, 20 were there already.". */
export function outcome({ table, inserted, updated, unchanged }: WrittenPairs): string {
  if (inserted + updated === 0)
    return unchanged === 0
      ? `No pair was found; ${table} is as it was.`
      : `Nothing to change: ${plural(unchanged, 'pair is', 'pairs are')} in ${table} already.`;
  const parts = [
    ...(inserted === 0 ? [] : [`${plural(inserted, 'pair')} written into ${table}`]),
    ...(updated === 0 ? [] : [`${plural(updated, 'similarity', 'similarities')} put right`]),
    ...(unchanged === 0 ? [] : [`${plural(unchanged, 'pair was', 'pairs were')} there already`]),
  ];
  return `${parts.join(', ')}.`;
}
