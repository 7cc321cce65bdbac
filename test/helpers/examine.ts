import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { createEngine } from '../../src/cli/create-engine.ts';
import { examineTarget } from '../../src/core/index.ts';
import { connectionCheckNames, type ConnectionCheck, type ConnectionCheckName } from '../../src/core/model/connection-check.ts';
import { renderChecks } from '../../src/core/report/render-checks.ts';
import type { TargetExamination } from '../../src/core/run/requests.ts';
import { parsePostgresUrl } from '../../src/core/target/postgres/connection-string.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** What is looked for in everything that an examination says. */
export interface Examining {
  readonly secrets: readonly string[];
  readonly createDatabase?: boolean;
}

/** Examines the target of an address as `sluice doctor` does; asserts what holds of every examination. */
export async function examine(url: string, { secrets, createDatabase = false }: Examining): Promise<TargetExamination> {
  const engine = createEngine({ log: silent, emit: () => undefined, environment: {} });
  try {
    const connection = parsePostgresUrl(url, {});
    const found = await examineTarget({ kind: 'postgres', connection, name: 'env:X' }, engine.deps, { createDatabase });
    assertWhole(found, secrets);
    return found;
  } finally {
    await engine.close();
  }
}

export function checkOf(found: TargetExamination, name: ConnectionCheckName): ConnectionCheck {
  const check = found.checks.find(({ check: own }) => own === name);
  assert.ok(check !== undefined, name);
  return check;
}

/** Names of the checks that are in this state. */
export function inState(found: TargetExamination, state: ConnectionCheck['state']): readonly ConnectionCheckName[] {
  return found.checks.filter((check) => check.state === state).map(({ check }) => check);
}

function assertWhole(found: TargetExamination, secrets: readonly string[]): void {
  assert.deepEqual(
    found.checks.map(({ check }) => check),
    connectionCheckNames,
  );
  for (const { state, code, message, remedy } of found.checks) {
    assert.match(message, /^[^]*\.$/, 'a sentence');
    const isProblem = state === 'failed' || state === 'warning';
    assert.equal(code !== null, isProblem, message);
    if (isProblem) assert.ok((remedy ?? '').length > 10, message);
  }
  assert.equal(found.error === null, inState(found, 'failed').length === 0);
  for (const text of [inspect(found, { depth: 20, showHidden: true }), JSON.stringify(found), renderChecks(found.checks)])
    for (const secret of secrets) assert.ok(!text.includes(secret), 'a secret is in what is said');
}
