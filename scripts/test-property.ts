/**
 * The long form of the random stores: `npm run test:property -- 5000` runs 5,000 of them on PostgreSQL and 1,000 on the embedded target (a second number
 * changes that, a third is the seed). A failure prints its seed and the smallest store that shows it.
 */
import { spawnSync } from 'node:child_process';

const [runs = 5000, embedded = Math.ceil(runs / 5), seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
if ([runs, embedded, seed].some((number) => !Number.isInteger(number) || number < 0))
  throw new Error('three whole numbers: stores on PostgreSQL, stores on the embedded target, seed');
console.log(`${runs} random stores on PostgreSQL, ${embedded} on the embedded target, seed ${seed}`);
const { status } = spawnSync(process.execPath, ['scripts/with-node.mjs', 'mocha', 'test/integration/random-stores.test.ts'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    SLUICE_PROPERTY_RUNS: String(runs),
    SLUICE_PROPERTY_RUNS_EMBEDDED: String(embedded),
    SLUICE_PROPERTY_SEED: String(seed),
  },
});
process.exitCode = status ?? 1;
