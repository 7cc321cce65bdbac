import type { EngineDeps } from '../../src/core/index.ts';
import { makeEngineDeps } from '../../src/engine/make-engine-deps.ts';
import { caseTarget, caseTargetNames, type CaseTarget, type CaseTargetName } from './case-targets.ts';
import { requirePython } from './oracle.ts';

export interface OpenedTarget {
  readonly target: CaseTarget;
  readonly deps: EngineDeps;
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The same suite on PostgreSQL and on the embedded target; suites of one file share the database of each. `opened` works inside of tests. */
export function describeOnCaseTargets(title: string, suite: (name: CaseTargetName, opened: () => OpenedTarget) => void): void {
  for (const name of caseTargetNames) {
    describe(`${title} (${name})`, function () {
      this.timeout(120_000);
      let opened: (OpenedTarget & { readonly removeScratch: () => void }) | undefined;
      const file = this.file ?? '';
      before(async function () {
        requirePython(this);
        const target = await caseTarget(name, this, file);
        const { openEmbedded } = target;
        const surroundings = { log: silent, emit: () => undefined, environment: process.env, engineVersion: 'test', openEmbedded };
        opened = { target, ...makeEngineDeps(surroundings) };
      });
      after(() => opened?.removeScratch());
      suite(name, () => opened!);
    });
  }
}
