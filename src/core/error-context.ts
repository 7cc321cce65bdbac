/** terminal: stops the run. transient: worth a reconnect and a resend. row: concerns one row only. */
export type ErrorKind = 'terminal' | 'transient' | 'row';

/** Facts about where an error happened. Server fields are kept as the server sent them; never a secret. */
export interface ErrorContext {
  readonly source?: string;
  readonly table?: string;
  readonly column?: string;
  readonly row?: string;
  /** SQLSTATE, five characters, when the server answered. */
  readonly sqlstate?: string;
  readonly severity?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly where?: string;
  readonly constraint?: string;
  /** What is wrong besides, a sentence or two each. */
  readonly also?: readonly string[];
  readonly [field: string]: string | number | boolean | readonly string[] | null | undefined;
}
