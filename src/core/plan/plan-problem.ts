export interface PlanProblem {
  /** A plan with errors cannot be read; warnings are told and may stay. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly path: readonly (string | number)[];
  /** 1-based, of the value that `path` names or of what is nearest to it. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
}

/** A problem that has not been looked up in the file yet. */
export type FoundProblem = Pick<PlanProblem, 'severity' | 'message' | 'path'>;

export function errorAt(message: string, path: FoundProblem['path']): FoundProblem {
  return { severity: 'error', message, path };
}

export function warningAt(message: string, path: FoundProblem['path']): FoundProblem {
  return { severity: 'warning', message, path };
}

/** `file:12:7 message` */
export function formatProblem(file: string, problem: PlanProblem): string {
  return `${file}:${problem.line}:${problem.column} ${problem.message}`;
}
