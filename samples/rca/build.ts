/**
 * Builds the RCA sample store, metadata as JSON and facts as CSV and Parquet: the same rows each time (no clock, no randomness but a seeded one).
 * `node samples/rca/build.ts [FOLDER]`; without FOLDER the committed `metadata` and `data` are written anew.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { SeededRandom } from '../seeded-random.ts';
import { outstandingRows, scfV1, scfV2 } from './fact-rows.ts';
import { knowledgeBase } from './knowledge.ts';
import { businessLabels, entities, exceptions, identity, lineage, metrics, rules, tables, timeRules } from './metadata.ts';

/** Each file and what it holds; a browser of the prototype wrote `rules.json` with a byte order mark. */
const metadata: Readonly<Record<string, object>> = {
  entities: { version: 3, entities },
  tables: { tables },
  metrics: { metrics },
  rules: { rules },
  lineage: { edges: lineage },
  business_labels: { labels: businessLabels },
  time: { as_of_rules: timeRules, calendar: 'gregorian' },
  identity: { canonical_keys: identity },
  exceptions: { exceptions },
  knowledge_base: knowledgeBase,
};

/** Writes `metadata` and `data` into `folder`, replacing what is there. */
export async function buildRca(folder: string): Promise<void> {
  for (const part of ['metadata', 'data']) {
    rmSync(join(folder, part), { recursive: true, force: true });
    mkdirSync(join(folder, part), { recursive: true });
  }
  for (const [name, content] of Object.entries(metadata)) {
    const mark = name === 'rules' ? '\uFEFF' : '';
    writeFileSync(join(folder, 'metadata', `${name}.json`), `${mark}${JSON.stringify(content, null, 2)}\n`);
  }
  writeFileSync(join(folder, 'data', 'scf_v1.csv'), scfV1(new SeededRandom(4001)));
  writeFileSync(join(folder, 'data', 'scf_v2.csv'), scfV2(new SeededRandom(4002)));
  await writeOutstanding(join(folder, 'data', 'outstanding_daily.parquet'));
}

async function writeOutstanding(path: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  try {
    const connection = await instance.connect();
    try {
      await connection.run('CREATE TABLE rows (account_id VARCHAR NOT NULL, business_date DATE NOT NULL, outstanding DECIMAL(18,2))');
      for (const row of outstandingRows(new SeededRandom(4003)))
        await connection.run('INSERT INTO rows VALUES (?, ?::DATE, ?::DECIMAL(18,2))', [...row]);
      await connection.run(
        `COPY (FROM rows ORDER BY business_date, account_id) TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`,
      );
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

if (import.meta.main) await buildRca(process.argv[2] ?? import.meta.dirname);
