/** The same suite in a desktop VS Code, which @vscode/test-electron downloads: `npm run test:desktop`, where the network and a display allow it. */
import { resolve } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { buildSuite } from './build-suite.ts';

const repository = resolve(import.meta.dirname, '../..');

process.exitCode = await runTests({
  extensionDevelopmentPath: repository,
  extensionTestsPath: await buildSuite(),
  launchArgs: [resolve(repository, 'samples/widgettdc'), '--disable-extensions', '--disable-workspace-trust'],
});
