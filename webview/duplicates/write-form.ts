import type { PairTablePreview, WrittenPairs } from '../../src/core/model/duplicates.ts';
import type { DuplicatesPanelTable } from '../../src/protocol/duplicates-panel.ts';
import { announce } from '../shared/announcer.ts';
import { element, fill } from '../shared/dom.ts';
import { labelled } from '../shared/search-fields.ts';
import { plural } from '../shared/quantities.ts';
import { createSqlBlock } from '../shared/sql-block.ts';
import { button, textField, type TextField } from '../shared/ui.ts';

export interface WriteActions {
  readonly preview: (table: DuplicatesPanelTable) => Promise<PairTablePreview>;
  /** null = the user did not go on. */
  readonly write: (table: DuplicatesPanelTable) => Promise<WrittenPairs | null>;
  readonly copy: (sql: string) => void;
  readonly open: (sql: string) => void;
  /** Fault of what was asked, in words; null = show it elsewhere. */
  readonly faultOf: (error: unknown) => string | null;
}

/** Writes pairs into a table: its name first, then what will be done, then the button that does it. */
export class WriteForm {
  readonly root: HTMLElement;
  readonly #actions: WriteActions;
  readonly #name: TextField;
  readonly #columns: TextField;
  readonly #error = element('p', { id: 'write-error', class: 'field-error', role: 'alert', hidden: true });
  readonly #preview = element('div', { class: 'write-preview' });
  readonly #done = element('p', { class: 'write-done', role: 'status' });
  readonly #sql: ReturnType<typeof createSqlBlock>;
  readonly #look = button('Write to Table…', { icon: 'table', onClick: () => void this.#show() });
  #pairs: number | null = null;

  /** `usual`: name of a table that is offered. */
  constructor(usual: string, actions: WriteActions) {
    this.#actions = actions;
    this.#sql = createSqlBlock({ copy: actions.copy, open: actions.open });
    const onChange = { onInput: () => this.#clear(), onEnter: () => void this.#show() };
    this.#name = textField({ label: 'Table', value: usual, attributes: { 'aria-describedby': 'write-error' }, ...onChange });
    this.#columns = textField({ label: 'Columns', placeholder: 'as usual', ...onChange });
    for (const field of [this.#name, this.#columns]) field.classList.add('code');
    this.root = element(
      'section',
      { class: 'write', 'aria-label': 'Write to a table' },
      element('h2', {}, 'Write the pairs'),
      element('div', { class: 'search-form' }, ...labelled('Table', this.#name), ...labelled('Columns', this.#columns), this.#error),
      element('div', { class: 'write-buttons' }, this.#look),
      this.#preview,
      this.#done,
    );
  }

  /** Pairs of the last search; null = there is none. What was previewed for others is taken back. */
  setPairs(count: number | null): void {
    this.#pairs = count;
    this.#look.disabled = count === null;
    this.#clear();
  }

  #clear(): void {
    fill(this.#preview);
    this.#done.textContent = '';
    this.#error.hidden = true;
    this.#name.classList.remove('invalid');
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.#clear();
    try {
      await work();
    } catch (thrown) {
      const fault = this.#actions.faultOf(thrown);
      if (fault === null) throw thrown;
      this.#error.hidden = false;
      this.#error.textContent = fault;
      this.#name.classList.add('invalid');
    }
  }

  async #show(): Promise<void> {
    const pairs = this.#pairs;
    if (pairs === null) return;
    const names = this.#columns.value.split(',').map((text) => text.trim());
    const table = { table: this.#name.value.trim(), columns: names.join('') === '' ? null : names };
    await this.#attempt(async () => {
      const told = await this.#actions.preview(table);
      this.#sql.setSql(told.sql);
      const onClick = (): void => void this.#attempt(() => this.#perform(table));
      const write = button(`Write ${plural(pairs, 'Pair')}`, { appearance: 'primary', onClick });
      fill(this.#preview, element('p', {}, sentence(told)), this.#sql.root, element('div', { class: 'write-buttons' }, write));
      announce(sentence(told));
      write.focus();
    });
  }

  async #perform(table: DuplicatesPanelTable): Promise<void> {
    const written = await this.#actions.write(table);
    this.#done.textContent = written === null ? 'Nothing was written.' : outcome(written);
    this.#look.focus();
  }
}

function sentence({ table, columns, there }: PairTablePreview): string {
  const names = columns.join(', ');
  return there
    ? `${table} is there: pairs that it lacks are added, other similarities are put right (${names}), and its other rows stay.`
    : `${table} is made, with ${names}, and the pairs are written into it.`;
}

/** "214 pairs written, 3 similarities put right, 20 were there already.". */
function outcome({ table, inserted, updated, unchanged }: WrittenPairs): string {
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
