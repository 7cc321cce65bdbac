import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationError } from '../../../src/core/errors.ts';
import type { Target } from '../../../src/core/target/target.ts';

export function testCancel(get: () => Target): void {
  it('ends a long statement within a second, and the target can be used again', async () => {
    const target = get();
    const long = target.query(
      "SELECT count(*) FROM generate_series(1, 20000000) AS a, generate_series(1, 1000) AS b WHERE md5(a::text || b::text) = ''",
    );
    const failed = long.then(
      () => null,
      (error: unknown) => ({ error, at: performance.now() }),
    );
    await sleep(300);
    const asked = performance.now();
    await target.cancel();
    const outcome = await failed;
    assert.ok(outcome?.error instanceof MigrationError, 'the statement was not cancelled');
    assert.ok(['statement-cancelled', 'embedded-stopped'].includes(outcome.error.code), outcome.error.code);
    assert.ok(outcome.at - asked < 1000, `it took ${outcome.at - asked} ms`);
    assert.equal((await target.query('SELECT 1 AS one')).rows[0]?.['one'], 1);
  });
}
