/**
 * The edge cases of a source, by id: `npm run test:cases -- S` for all of SQLite, `-- S03 S44` for some. Lists each id once with its state on each
 * target, and fails when one has no test or is not green on both.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caseIds } from '../test/helpers/case-ids.ts';
import { caseStates, isGreen, type CaseOutcome, type CaseState, type ListedCase } from '../test/helpers/case-states.ts';

/** Cases that need more than a store and a run: files in trouble, every command of the command line, kill -9. */
const elsewhere = ['test/integration/source-trouble.test.ts', 'test/integration/source-untouched.test.ts', 'test/fault/kill-modes.test.ts'];

const ids = wantedIds(process.argv.slice(2));
const outcomes = runCases(ids);
const listed = caseStates(ids, outcomes);
console.log(listed.map((entry) => describe(entry)).join('\n'));
const green = listed.filter((entry) => isGreen(entry)).length;
console.log(`${green} of ${listed.length} cases are green on PostgreSQL and on the embedded target`);
if (green < listed.length) process.exitCode = 1;

function wantedIds(words: readonly string[]): readonly string[] {
  const all = Object.values(caseIds).flat();
  const wanted = words.length === 0 ? all : words.flatMap((word) => caseIds[word] ?? (all.includes(word) ? [word] : []));
  const unknown = words.filter((word) => !(word in caseIds) && !all.includes(word));
  if (unknown.length > 0) throw new Error(`no edge case ${unknown.join(', ')}; there are ${Object.keys(caseIds).join(', ')} and their ids`);
  return wanted;
}

function runCases(wanted: readonly string[]): readonly CaseOutcome[] {
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-cases-'));
  try {
    const result = join(scratch, 'cases.json');
    const files = globSync(['test/integration/cases/*.test.ts', ...elsewhere]).sort();
    const options = ['--reporter', './scripts/case-reporter.cjs', '--grep', `\\b(?:${wanted.join('|')})\\b`];
    spawnSync(process.execPath, ['scripts/with-node.mjs', 'mocha', ...options, ...files], {
      stdio: 'inherit',
      env: { ...process.env, SLUICE_TEST_RESULT: result },
    });
    return existsSync(result) ? (JSON.parse(readFileSync(result, 'utf8')) as CaseOutcome[]) : [];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function describe({ id, postgres, embedded }: ListedCase): string {
  return `${id}  PostgreSQL ${say(postgres).padEnd(18)} embedded ${say(embedded)}`;
}

function say({ state, tests }: CaseState): string {
  return tests === 0 ? state : `${state} (${tests})`;
}
