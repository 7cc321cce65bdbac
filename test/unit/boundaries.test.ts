import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';

const config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
  forbidden: IForbiddenRuleType[];
  options: ICruiseOptions;
};

const value = (path: string): string => `export { value } from '${path}';\n`;
const type = (path: string): string => `import type { value } from '${path}';\nexport type Value = typeof value;\n`;
const leaf = 'export const value = 1;\n';

/** [rule, a file that breaks it, its text, the other files]: each tree breaks exactly this rule. */
const cases: readonly (readonly [rule: string, file: string, text: string, others: Readonly<Record<string, string>>])[] = [
  ['no-cycles', 'src/core/model/a.ts', type('./b.ts'), { 'src/core/model/b.ts': type('./a.ts') }],
  ['no-orphans', 'src/core/model/alone.ts', leaf, {}],
  ['no-unresolved', 'src/core/model/a.ts', value('./nowhere.ts'), {}],
  ['src-ships-dependencies-only', 'src/cli/a.ts', value('fast-check'), {}],
  ['src-is-alone', 'src/cli/a.ts', value('../../test/helpers/b.ts'), { 'test/helpers/b.ts': leaf }],
  ['core-is-alone', 'src/core/run/a.ts', type('../../cli/b.ts'), { 'src/cli/b.ts': leaf }],
  ['engine-knows-no-editor', 'src/core/run/a.ts', type('vscode'), {}],
  ['engine-knows-no-editor', 'src/engine-process/a.ts', type('vscode'), {}],
  ['engine-knows-no-editor', 'src/host/engines/a.ts', type('vscode'), {}],
  ['engine-knows-no-editor', 'src/host/embedded-broker.ts', type('vscode'), {}],
  ['editor-runs-no-engine', 'src/host/a.ts', value('../core/index.ts'), { 'src/core/index.ts': leaf }],
  ['editor-runs-no-engine', 'src/commands/a.ts', value('../core/run/b.ts'), { 'src/core/run/b.ts': leaf }],
  ['editor-runs-no-engine', 'src/panels/a.ts', value('../core/target/b.ts'), { 'src/core/target/b.ts': leaf }],
  ['protocol-takes-types-of-core-only', 'src/protocol/a.ts', value('../core/errors.ts'), { 'src/core/errors.ts': leaf }],
  ['engine-process-knows-core-only', 'src/engine-process/a.ts', type('../host/b.ts'), { 'src/host/b.ts': leaf }],
  ['engine-process-knows-core-only', 'src/engine-process/a.ts', value('../embedded-process/b.ts'), { 'src/embedded-process/b.ts': leaf }],
  ['engine-surroundings-know-core-only', 'src/engine/a.ts', value('../cli/b.ts'), { 'src/cli/b.ts': leaf }],
  ['core-level-1-imports-nothing-higher', 'src/core/model/a.ts', type('../sql/b.ts'), { 'src/core/sql/b.ts': leaf }],
  ['core-level-2-imports-nothing-higher', 'src/core/tuple/a.ts', value('../target/b.ts'), { 'src/core/target/b.ts': leaf }],
  ['core-level-2-folders-are-apart', 'src/core/tuple/a.ts', value('../sql/b.ts'), { 'src/core/sql/b.ts': leaf }],
  ['core-level-3-imports-nothing-higher', 'src/core/mapping/a.ts', value('../plan/b.ts'), { 'src/core/plan/b.ts': leaf }],
  ['core-level-3-folders-are-apart', 'src/core/target/a.ts', value('../mapping/b.ts'), { 'src/core/mapping/b.ts': leaf }],
  ['core-level-4-imports-nothing-higher', 'src/core/plan/a.ts', value('../load/b.ts'), { 'src/core/load/b.ts': leaf }],
  ['core-level-4-folders-are-apart', 'src/core/state/a.ts', value('../plan/b.ts'), { 'src/core/plan/b.ts': leaf }],
  ['core-level-5-imports-nothing-higher', 'src/core/verify/a.ts', value('../run/b.ts'), { 'src/core/run/b.ts': leaf }],
  ['core-level-5-folders-are-apart', 'src/core/verify/a.ts', value('../load/b.ts'), { 'src/core/load/b.ts': leaf }],
  ['core-level-6-imports-nothing-higher', 'src/core/run/a.ts', value('../index.ts'), { 'src/core/index.ts': leaf }],
  ['core-ground-stays-on-the-ground', 'src/core/errors.ts', type('./sql/b.ts'), { 'src/core/sql/b.ts': leaf }],
  ['sources-are-apart', 'src/core/sources/duckdb/a.ts', value('../sqlite/b.ts'), { 'src/core/sources/sqlite/b.ts': leaf }],
  ['jac-stores-stand-on-sqlite', 'src/core/sources/jac/a.ts', value('../sqlite/b.ts'), { 'src/core/sources/sqlite/b.ts': leaf }],
  ['sources-know-little', 'src/core/sources/sqlite/a.ts', value('../../sql/b.ts'), { 'src/core/sql/b.ts': leaf }],
  ['only-one-place-imports-sqlite-driver', 'src/core/load/a.ts', value('better-sqlite3'), {}],
  ['only-one-place-imports-sqlite-driver', 'src/core/load/a.ts', value('node:sqlite'), {}],
  ['only-one-place-imports-duckdb-driver', 'src/core/load/a.ts', value('@duckdb/node-api'), {}],
  ['only-one-place-imports-duckdb-driver', 'src/core/sources/sqlite/a.ts', value('@duckdb/node-api'), {}],
  ['only-one-place-imports-postgres-driver', 'src/core/load/a.ts', value('pg'), {}],
  ['only-one-place-imports-postgres-driver', 'src/core/target/embedded/a.ts', value('pg-copy-streams'), {}],
  ['only-one-place-imports-pglite', 'src/core/target/embedded/a.ts', type('@electric-sql/pglite'), {}],
  ['webview-is-alone', 'webview/rows/a.ts', type('../../src/host/b.ts'), { 'src/host/b.ts': leaf }],
  ['webview-takes-types-of-core-only', 'webview/rows/a.ts', value('../../src/core/sql/b.ts'), { 'src/core/sql/b.ts': leaf }],
  ['webview-takes-packages-for-browsers-only', 'webview/rows/a.ts', value('pg'), {}],
  ['webview-takes-packages-for-browsers-only', 'webview/rows/a.ts', value('fs'), {}],
  ['webview-panels-are-apart', 'webview/rows/a.ts', value('../report/b.ts'), { 'webview/report/b.ts': leaf }],
  ['only-one-place-imports-toolkit', 'webview/rows/a.ts', value('@vscode/webview-ui-toolkit'), {}],
];

const allowed: Readonly<Record<string, string>> = {
  'src/core/model/a.ts': leaf,
  'src/core/engine-deps.ts': type('./target/embedded/embedded-link.ts'),
  'src/core/target/embedded/embedded-link.ts': value('../../model/a.ts'),
  'src/core/target/postgres/a.ts': value('pg'),
  'src/core/sources/sqlite/a.ts': value('../shared/b.ts') + type('../../inference/a.ts') + value('../../dialect/a.ts'),
  'src/core/sources/sqlite/driver.ts': value('better-sqlite3') + type('./a.ts'),
  'src/core/sources/shared/b.ts': leaf,
  'src/core/sources/shared/duckdb/a.ts': value('@duckdb/node-api'),
  'src/core/inference/a.ts': leaf,
  'src/core/dialect/a.ts': leaf,
  'src/core/sources/registry.ts': value('./sqlite/driver.ts') + value('./shared/duckdb/a.ts'),
  'src/core/run/a.ts': value('../sources/registry.ts') + type('../engine-deps.ts') + value('../target/postgres/a.ts'),
  'src/core/index.ts': value('./run/a.ts'),
  'src/engine/a.ts': value('../core/index.ts'),
  'src/engine-process/main.ts': value('../engine/a.ts') + value('better-sqlite3') + type('../protocol/a.ts'),
  'src/extension.ts': value('./host/a.ts') + type('./host/b.ts'),
  'src/host/a.ts': value('vscode') + value('../core/plan/a.ts') + value('../core/errors.ts') + type('./b.ts'),
  'src/host/b.ts':
    type('../core/index.ts') + `import { type value as other } from '../core/run/a.ts';\nexport type Other = typeof other;\n`,
  'src/host/engines/a.ts': value('../../engine/a.ts') + value('../../core/target/embedded/bridged-client.ts'),
  'src/core/plan/a.ts': leaf,
  'src/core/errors.ts': leaf,
  'src/core/target/embedded/bridged-client.ts': leaf,
  'src/protocol/a.ts': type('../core/model/a.ts'),
  'webview/rows/main.ts': value('../shared/ui.ts') + value('../../src/protocol/a.ts') + type('../../src/core/model/a.ts'),
  'webview/shared/ui.ts': value('@vscode/webview-ui-toolkit'),
  'src/embedded-process/main.ts': value('@electric-sql/pglite') + type('../core/model/a.ts'),
};

describe('import boundaries', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-boundaries-'));
    for (const name of [
      'better-sqlite3',
      '@duckdb/node-api',
      'pg',
      'pg-copy-streams',
      '@electric-sql/pglite',
      '@types/vscode',
      'fast-check',
      'vscode',
      '@vscode/webview-ui-toolkit',
    ]) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
      write(`node_modules/${name}/index.js`, leaf);
    }
    const dependencies = {
      'better-sqlite3': '1.0.0',
      '@duckdb/node-api': '1.0.0',
      pg: '1.0.0',
      'pg-copy-streams': '1.0.0',
      '@electric-sql/pglite': '1.0.0',
      vscode: '1.0.0',
      '@vscode/webview-ui-toolkit': '1.0.0',
    };
    write('package.json', JSON.stringify({ name: 'fixture', dependencies, devDependencies: { 'fast-check': '1.0.0' } }));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('let through what the architecture allows', async () => {
    for (const [file, text] of Object.entries(allowed)) write(file, text);
    assert.deepEqual(await violations(), []);
  });

  for (const [rule, file, text, others] of cases) {
    it(`${rule}: ${file}: ${text.split('\n', 1).join()}`, async () => {
      write(file, text);
      for (const [path, content] of Object.entries(others)) write(path, content);
      // A file of one line is an orphan by nature, unless orphans are the case.
      const found = (await violations()).filter((name) => name !== 'no-orphans' || rule === 'no-orphans');
      assert.deepEqual([...new Set(found)], [rule]);
    });
  }

  it('are all proved here', () => {
    assert.deepEqual([...new Set(cases.map(([rule]) => rule))].sort(), config.forbidden.map((rule) => rule.name ?? '').sort());
  });

  async function violations(): Promise<string[]> {
    const { tsConfig: _tsConfig, ...options } = config.options;
    const trees = ['src', 'webview'].filter((tree) => existsSync(join(folder, tree)));
    const { output } = await cruise(trees, { ...options, baseDir: folder, validate: true, ruleSet: { forbidden: config.forbidden } });
    return (output as ICruiseResult).summary.violations.map((violation) => violation.rule.name);
  }

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
});
