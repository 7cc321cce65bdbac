import { createEngine } from '../src/cli/create-engine.ts';
import { chooseTarget } from '../src/cli/target-choice.ts';
import { diffSchemas, type SchemaDiffResult } from '../src/core/index.ts';
import type { PlanInput } from '../src/core/plan/plan-schema.ts';
import { EngineSession } from '../src/core/run/engine-session.ts';
import { embeddedTarget, postgresTarget, type CliTarget } from '../test/helpers/cli-target.ts';
import { removeSharedCluster, sharedCluster } from '../test/helpers/postgres.ts';

/**
 * Seconds of a schema diff by number of tables, before they are made and after. Each table has eight columns, a primary key, a unique key, a check, a
 * foreign key and two indexes. `node scripts/bench-diff.ts [TABLES]`; figures only.
 */
const count = Number(process.argv[2] ?? 200);
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function widePlan(tables: number): PlanInput {
  const column = (to: string, type: string) => ({ from: to, to, type });
  return {
    version: 1,
    name: 'wide',
    sources: { main: { kind: 'sqlite', path: 'wide.db' } },
    target: { profile: 'embedded' },
    tables: Array.from({ length: tables }, (_, i) => ({
      source: 'main',
      from: `t${i}`,
      to: `t${i}`,
      columns: [
        { ...column('id', 'bigint'), identity: true, nullable: false },
        column('parent', 'bigint'),
        { ...column('code', 'varchar(40)'), nullable: false },
        { ...column('amount', 'numeric(12,2)'), default: { value: 0 } },
        { ...column('made_at', 'timestamptz'), default: { sql: 'now()' } },
        column('title', 'text'),
        column('done', 'boolean'),
        column('extra', 'jsonb'),
      ],
      primaryKey: ['id'],
      uniques: [['code']],
      checks: ['amount >= 0'],
      foreignKeys: [{ columns: ['parent'], references: `t${Math.max(0, i - 1)}`, referencesColumns: ['id'] }],
      indexes: [{ columns: ['made_at'] }, { columns: [], expression: 'lower(title)' }],
    })),
  };
}

async function measure(name: string, target: CliTarget): Promise<void> {
  const environment = { ...process.env, ...target.environment };
  const engine = createEngine({ log: silent, emit: () => undefined, environment });
  const choice = chooseTarget({ flag: target.flag }, { cwd: process.cwd(), environment, warn: () => undefined });
  const input = { text: JSON.stringify(widePlan(count)), path: 'wide.sluice.json' };
  const timed = async (when: string): Promise<SchemaDiffResult> => {
    const start = performance.now();
    const result = await diffSchemas({ input, target: choice, signal: new AbortController().signal }, engine.deps);
    const seconds = ((performance.now() - start) / 1000).toFixed(2);
    console.log(`${name}\t${count} tables\t${when}\t${seconds} s\t${result.adds.length} adds, ${result.alters.length} alters`);
    return result;
  };
  try {
    // The first one starts the server's session and an embedded database.
    await timed('warm-up');
    const missing = await timed('before');
    const session = new EngineSession(engine.deps, 1);
    const opened = await session.openTarget(choice);
    for (const { sql } of missing.statements) await opened.query(sql);
    await session.close();
    await timed('after');
  } finally {
    await engine.close();
    await target.remove();
  }
}

await measure('PostgreSQL', await postgresTarget(await sharedCluster()));
await removeSharedCluster();
await measure('embedded', embeddedTarget());
