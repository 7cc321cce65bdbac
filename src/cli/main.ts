#!/usr/bin/env node
import { nodeProblem } from './node-problem.ts';

/** Entry of `sluice`. Nothing else is loaded before the Node version is known to be fit: a native module can crash an older one. */
const problem = nodeProblem(process.versions.node);
if (problem === null) {
  const { runCli } = await import('./cli.ts');
  await runCli(process);
} else {
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error: problem }, null, 2)}\n`);
  process.stderr.write(`error: ${problem.message}\n  ${problem.remedy}\n`);
  process.exitCode = 2;
}
