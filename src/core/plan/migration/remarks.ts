import type { Warning } from '../../model/run.ts';

/** What a planner has to tell, in the order it was found; every warning also stands among the notes of the plan. */
export class Remarks {
  readonly warnings: Warning[] = [];
  readonly notes: string[] = [];

  warn(code: string, message: string, table?: string): void {
    this.warnings.push(table === undefined ? { code, message } : { code, message, table });
    this.note(message, table);
  }

  note(message: string, table?: string): void {
    this.notes.push(table === undefined ? message : `${table}: ${message}`);
  }
}
