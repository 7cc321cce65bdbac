import type { Target } from '../../src/core/target/target.ts';
import { testCancel } from './target/cancel.ts';
import { testCopyIn } from './target/copy-in.ts';
import { testCopyOut } from './target/copy-out.ts';
import { testErrors } from './target/errors.ts';
import { testIntrospection } from './target/introspection.ts';
import { testTransactions } from './target/transactions.ts';
import { testValues } from './target/values.ts';

export interface TargetHarness {
  /** A target in a database that nothing else uses; called once, in a `before` hook. */
  start(context: Mocha.Context): Promise<Target>;
  stop(): Promise<void>;
}

/** Two suites may share a database. */
let schemas = 0;

/** What every target promises. Each test has a schema of its own. */
export function describeTarget(name: string, harness: TargetHarness): void {
  describe(`target contract: ${name}`, function () {
    this.timeout(60_000);
    let target: Target;
    let schema: string;

    before(async function () {
      target = await harness.start(this);
    });
    after(() => harness.stop());
    beforeEach(async () => {
      schema = `contract_${++schemas}`;
      await target.query(`CREATE SCHEMA ${schema}`);
    });

    describe('values', () => testValues(() => target));
    describe('transactions', () => testTransactions(() => ({ target, schema })));
    describe('COPY in', () => testCopyIn(() => ({ target, schema })));
    describe('COPY out', () => testCopyOut(() => ({ target, schema })));
    describe('errors', () => testErrors(() => ({ target, schema })));
    describe('cancel', () => testCancel(() => target));
    describe('introspection', () => testIntrospection(() => ({ target, schema })));
  });
}
