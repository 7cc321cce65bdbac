/** How one test ended; titles from the outermost suite to the test. */
export interface CaseOutcome {
  readonly titles: readonly string[];
  readonly state: 'passed' | 'failed' | 'skipped';
}

/** Of one edge case on one target. */
export interface CaseState {
  readonly state: 'green' | 'failed' | 'skipped' | 'no test';
  readonly tests: number;
}

export interface ListedCase {
  readonly id: string;
  readonly postgres: CaseState;
  readonly embedded: CaseState;
}

/** Each id once, with what its tests say on each target. A test belongs to the ids that its title, or that of a suite around it, begins with. */
export function caseStates(ids: readonly string[], outcomes: readonly CaseOutcome[]): readonly ListedCase[] {
  return ids.map((id) => {
    const own = outcomes.filter(({ titles }) => titles.some((title) => idsOf(title).includes(id)));
    const on = (target: RegExp): CaseState => stateOf(own.filter(({ titles }) => titles.some((title) => target.test(title))));
    return { id, postgres: on(/[(:] ?postgres(ql)?\b/i), embedded: on(/[(:] ?embedded\b/i) };
  });
}

export function isGreen({ postgres, embedded }: ListedCase): boolean {
  return postgres.state === 'green' && embedded.state === 'green';
}

/** `S17 S18 foreign keys` begins with two. */
function idsOf(title: string): readonly string[] {
  return /^(?:[A-Z]\d\d[\s,]+)+/.exec(title)?.[0].match(/[A-Z]\d\d/g) ?? [];
}

function stateOf(outcomes: readonly CaseOutcome[]): CaseState {
  const tests = outcomes.length;
  if (tests === 0) return { state: 'no test', tests };
  const worst = (['failed', 'skipped'] as const).find((state) => outcomes.some((outcome) => outcome.state === state));
  return { state: worst ?? 'green', tests };
}
