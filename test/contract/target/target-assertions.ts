import assert from 'node:assert/strict';
import { MigrationError, type ErrorContext, type ErrorKind } from '../../../src/core/errors.ts';
import type { Target } from '../../../src/core/target/target.ts';

/** A signal that is not aborted. */
export const never = new AbortController().signal;

/** A target, and a schema that the test has for itself. */
export interface InSchema {
  readonly target: Target;
  readonly schema: string;
}

export async function valuesOf(target: Target, table: string, column = 'v'): Promise<unknown[]> {
  return (await target.query(`SELECT ${column} FROM ${table} ORDER BY 1`)).rows.map((row) => row[column]);
}

export async function assertFails(
  work: Promise<unknown>,
  code: string,
  kind: ErrorKind,
  context: ErrorContext = {},
  look: (context: ErrorContext) => void = () => {},
): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof MigrationError, String(error));
    const wanted = Object.fromEntries(Object.keys(context).map((key) => [key, error.context[key]]));
    assert.deepEqual({ code: error.code, kind: error.kind, ...wanted }, { code, kind, ...context });
    assert.ok(error.remedy.length > 10);
    look(error.context);
    return true;
  });
}
