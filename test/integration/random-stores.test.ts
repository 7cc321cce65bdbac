import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { planStores, rollBackRun, runMigration, type EngineDeps } from '../../src/core/index.ts';
import { makeEngineDeps } from '../../src/engine/make-engine-deps.ts';
import { caseTarget, caseTargetNames, type CaseTarget } from '../helpers/case-targets.ts';
import { startInProcessWorker } from '../helpers/in-process-workers.ts';
import { judgeRun } from '../helpers/judge-run.ts';
import { requirePython } from '../helpers/oracle.ts';
import { buildRandomStore, forceTypes, randomStore, storeStatements, type RandomStore } from '../helpers/random-store.ts';
import { assertRowsAccounted, stateRows } from '../helpers/row-accounting.ts';

/** `npm run test:property -- 5000` sets the number; the seed makes every run of the suite the same one. */
const seed = Number(process.env['SLUICE_PROPERTY_SEED'] ?? 20_261_125);
const runs = {
  PostgreSQL: Number(process.env['SLUICE_PROPERTY_RUNS'] ?? 100),
  embedded: Number(process.env['SLUICE_PROPERTY_RUNS_EMBEDDED'] ?? 30),
};
/** A store that fails is made smaller for so long. */
const shrinkMs = 120_000;

for (const name of caseTargetNames) {
  describe(`random stores (${name})`, function () {
    this.timeout(Number.MAX_SAFE_INTEGER);
    let target: CaseTarget | undefined;
    let engine: ReturnType<typeof makeEngineDeps> | undefined;
    const file = this.file ?? '';

    before(async function () {
      requirePython(this);
      const opened = (target = await caseTarget(name, this, file));
      const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
      engine = makeEngineDeps({
        log: quiet,
        emit: () => undefined,
        environment: {},
        engineVersion: 'test',
        openEmbedded: opened.openEmbedded,
      });
    });
    after(() => engine?.removeScratch());

    it(`${runs[name]} of them end in a match or in listed rejects, as a foreign reader sees it`, async () => {
      const deps = { ...engine!.deps, startWorker: startInProcessWorker, processorCount: 1 };
      await check(runs[name], async (store, schema) => {
        await migrateRandomStore(store, schema, target!, deps);
      });
    });
  });
}

/** Throws with the smallest store found that fails, and with what makes it fail again. */
async function check(numRuns: number, migrate: (store: RandomStore, schema: string) => Promise<void>): Promise<void> {
  let schemas = 0;
  let deadline = Infinity;
  const property = fc.asyncProperty(randomStore, async (store) => {
    if (performance.now() > deadline) return;
    try {
      await migrate(store, `random_${++schemas}`);
    } catch (error) {
      if (deadline === Infinity) deadline = performance.now() + shrinkMs;
      throw error;
    }
  });
  const found = await fc.check(property, { seed, numRuns });
  if (!found.failed) return;
  const [store] = found.counterexample!;
  const script = [...storeStatements(store)].map((statement) => `${statement};`).join('\n');
  const error = found.errorInstance instanceof Error ? found.errorInstance.stack : String(found.errorInstance);
  throw new assert.AssertionError({
    message: `run ${found.numRuns} of seed ${found.seed} (path ${found.counterexamplePath})\n${JSON.stringify([store.options, store.forced])}\n${script}\n${error}`,
  });
}

async function migrateRandomStore(store: RandomStore, schema: string, target: CaseTarget, deps: EngineDeps): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-random-'));
  try {
    const path = join(folder, 'store.db');
    buildRandomStore(path, store);
    const signal = new AbortController().signal;
    const options = { schema, onReject: 'quarantine' as const, jobs: 1, ...store.options };
    const { plan } = await planStores({ locations: [path], directory: folder, targetProfile: 'embedded', options, signal }, deps);
    forceTypes(plan, store);
    const result = await runMigration(
      {
        input: { kind: 'plan', text: JSON.stringify(plan), path: join(folder, 'store.sluice.json') },
        target: target.choice,
        overrides: { jobs: 1 },
        createDatabase: false,
        resume: false,
        runId: null,
        acceptStale: false,
        dryRun: false,
        verify: true,
        redactValues: false,
        backup: null,
        signal,
      },
      deps,
    );
    assert.equal(result.verification.status, 'match', JSON.stringify(result.verification));
    assertRowsAccounted(
      result.tables,
      await stateRows(String(result.runId), async (sql) => (await target.session.query(sql)).rows),
      result.sources,
    );
    assert.deepEqual(await judgeRun(path, plan, result, target), []);
    await rollBackRun({ runId: String(result.runId), target: target.choice, purge: false, signal }, deps);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
