import { MigrationError, toMigrationError } from '../errors.ts';
import type { ParityCheck } from '../model/discrepancy.ts';
import type { Source } from '../sources/source.ts';
import { parseComposite } from '../sql/composite-text.ts';
import { inReadOnly } from '../target/read-only.ts';
import type { Target } from '../target/target.ts';
import { compareAnswers, type AnswerRows } from './parity-rows.ts';

/** A pair of queries of the user, one for each side, that should give the same rows in the same order. */
export interface ParityPair {
  readonly name: string;
  readonly source: string;
  readonly target: string;
}

export interface ParityQuestion {
  readonly source: Source;
  readonly target: Target;
  readonly pair: ParityPair;
  /** Row differences to tell. */
  readonly limit: number;
  /** Milliseconds from any start. */
  readonly elapsed: () => number;
}

/** More rows than a person compares: such a question should be put as a sum or a count. */
const mostRows = 10_000;

/** Asks both sides, one after the other, and times them. A query that is refused is told as a failed check, never as an equal one. */
export async function checkParity({ source, target, pair, limit, elapsed }: ParityQuestion): Promise<ParityCheck> {
  const { name } = pair;
  try {
    const ours = await timed(elapsed, () => source.query(pair.source));
    const theirs = await timed(elapsed, () => askTarget(target, pair.target));
    for (const { rows } of [ours, theirs])
      if (rows.length > mostRows) throw new MigrationError('parity-too-long', { context: { name, rows: rows.length, most: mostRows } });
    const differences = compareAnswers(ours.rows, theirs.rows, limit);
    return {
      name,
      status: differences.length === 0 ? 'match' : 'mismatch',
      sourceRows: ours.rows.length,
      targetRows: theirs.rows.length,
      sourceSeconds: ours.seconds,
      targetSeconds: theirs.seconds,
      differences,
      message: null,
    };
  } catch (error) {
    const known = toMigrationError(error);
    if (known.code === 'cancelled' || known.kind === 'transient') throw known;
    return {
      name,
      status: 'failed',
      sourceRows: null,
      targetRows: null,
      sourceSeconds: null,
      targetSeconds: null,
      differences: [],
      message: known.message,
    };
  }
}

/** In a transaction that cannot write. The parameter makes the server refuse more than one statement. */
async function askTarget(target: Target, sql: string): Promise<AnswerRows> {
  // A line end, because the query may end with a comment.
  const wrapped = `SELECT answer::text AS line FROM (${withoutEnd(sql)}\n) AS answer WHERE $1::boolean`;
  const { rows } = await inReadOnly(target, (session) => session.query(wrapped, [true]));
  return rows.map((row) => parseComposite(String(row['line'])));
}

function withoutEnd(sql: string): string {
  return sql.replace(/[;\s]+$/, '');
}

async function timed(
  elapsed: () => number,
  ask: () => Promise<AnswerRows>,
): Promise<{ readonly rows: AnswerRows; readonly seconds: number }> {
  const begun = elapsed();
  const rows = await ask();
  return { rows, seconds: (elapsed() - begun) / 1000 };
}
