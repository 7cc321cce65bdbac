import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atWorkbench, patience, sampleEntry } from '../helpers/at-workbench.ts';
import type { Editor } from '../helpers/editor.ts';
import type { Workbench } from '../helpers/workbench.ts';

describe('the package as a user installs it', function () {
  this.timeout(240_000);
  let editor: Editor;
  let workbench: Workbench;
  /** Files of the installed extension, relative to its folder. */
  let files: readonly string[];
  const read = (file: string): string => readFileSync(join(installed(), file), 'utf8');
  const installed = (): string => {
    const [name] = readdirSync(editor.extensionsDir).filter((entry) => entry.startsWith('sluice.sluice-'));
    assert.ok(name !== undefined, 'the extension is not installed');
    return join(editor.extensionsDir, name);
  };

  atWorkbench(
    {
      name: 'package',
      at: 'work space ü',
      prepare(_, { root }) {
        const vsix = join(root, 'sluice.vsix');
        const { status, stderr } = spawnSync(process.execPath, ['scripts/package.ts', '--out', vsix], { encoding: 'utf8' });
        assert.equal(status, 0, stderr);
        return { extension: { vsix } };
      },
    },
    (setting) => {
      ({ editor, workbench } = setting);
      files = globSync('**/*', { cwd: installed(), withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(installed().length + 1));
    },
  );

  it('holds what the editor uses and nothing else', () => {
    const known =
      /^(package(\.nls)?\.json|readme\.md|changelog\.md|LICENSE(\.txt)?|\.vsixmanifest|media\/[\w-]+\.svg|dist\/(LICENSES\.txt|plan\.schema\.json|[\w-]+\.c?js|webview\/[\w-]+\.(js|css)|webview\/codicons\/codicon\.(css|ttf)|node_modules\/.*))$/i;
    assert.deepEqual(
      files.filter((file) => !known.test(file)),
      [],
    );
    const unwanted = /\.(map|ts|mts|cts|cc?|cpp|h|gyp)$|(^|\/)(src|test|samples|docs)\//;
    assert.deepEqual(
      files.filter((file) => unwanted.test(file)),
      [],
    );
  });

  it('holds one native module of each driver, for this platform', () => {
    assert.deepEqual(files.filter((file) => file.endsWith('.node')).sort(), [
      `dist/node_modules/@duckdb/node-bindings-${process.platform}-${process.arch}/duckdb.node`,
      `dist/node_modules/better-sqlite3/prebuilds/${process.platform}-${process.arch}.node`,
    ]);
  });

  it('brings the licences of everything in it', () => {
    const text = read('dist/LICENSES.txt');
    for (const name of [
      'better-sqlite3',
      '@electric-sql/pglite',
      'pg',
      'zod',
      'vscode-jsonrpc',
      '@vscode/webview-ui-toolkit',
      '@microsoft/fast-element',
    ])
      assert.match(text, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'), name);
    assert.match(text, /PostgreSQL Global Development Group/);
  });

  it('says nothing of the machine it was made on', () => {
    for (const file of files.filter((each) => /^(package\.json|dist\/[^/]+\.(js|cjs|json|txt)|dist\/webview\/)/.test(each)))
      assert.ok(!read(file).includes(process.cwd()), file);
    assert.equal((JSON.parse(read('package.json')) as Record<string, unknown>)['scripts'], undefined);
  });

  it('plans and runs the sample on the embedded target', async () => {
    await workbench.openView('Sluice');
    await workbench.treeItem(sampleEntry).waitFor({ timeout: patience });
    await workbench.runCommand('Sluice: Plan Migration');
    await workbench.editorTab(/widget-tdc\.sluice\.json/).waitFor({ timeout: patience });
    await workbench.runCommand('Sluice: Run Migration');
    assert.match(await workbench.toast(/every cell compared/, patience), /5,305 rows arrived, every cell compared/);
    await workbench.toastButton('Report');
    const report = await workbench.panel(/Report/);
    await report.getByRole('heading', { name: 'Every cell arrived' }).waitFor({ timeout: patience });
    assert.deepEqual(workbench.cspViolations(), []);
  });
});
