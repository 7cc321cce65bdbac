import type { EngineDeps } from '../engine-deps.ts';
import type { TableOutcome } from '../model/run.ts';
import type { TaskProgress } from './worker-messages.ts';

const intervalMs = 100;

interface Counted {
  read: number;
  written: number;
  readonly totalRows: number | null;
  told: number;
}

/** Tells the rows of each table while it is loaded, at most ten times a second and table, and when it is done. */
export class TableProgress {
  readonly #deps: Pick<EngineDeps, 'clock' | 'emit'>;
  readonly #tables = new Map<string, Counted>();

  /** `tables`: as earlier attempts left them; `rowsOf`: rows of the source, null when nobody counted them. */
  constructor(
    tables: readonly Pick<TableOutcome, 'to' | 'rowsRead' | 'rowsWritten'>[],
    rowsOf: (table: string) => number | null,
    deps: Pick<EngineDeps, 'clock' | 'emit'>,
  ) {
    this.#deps = deps;
    for (const { to, rowsRead, rowsWritten } of tables)
      this.#tables.set(to, { read: rowsRead, written: rowsWritten, totalRows: rowsOf(to), told: Number.NEGATIVE_INFINITY });
    for (const [table, counted] of this.#tables) if (counted.read > 0) this.#tell(table, counted);
  }

  add(table: string, progress: TaskProgress): void {
    const counted = this.#tables.get(table);
    if (counted === undefined) return;
    counted.read += progress.rows;
    counted.written += progress.rows - progress.rejected;
    // The last rows are told by `done`.
    if (counted.read === counted.totalRows || this.#deps.clock.elapsed() - counted.told < intervalMs) return;
    this.#tell(table, counted);
  }

  done(table: string): void {
    const rows = this.#tables.get(table)?.written;
    this.#deps.emit({ type: 'table', phase: 'data', table, state: 'done', ...(rows === undefined ? {} : { rows }) });
  }

  #tell(table: string, counted: Counted): void {
    counted.told = this.#deps.clock.elapsed();
    this.#deps.emit({ type: 'table', phase: 'data', table, state: 'rows', rows: counted.read, totalRows: counted.totalRows });
  }
}
