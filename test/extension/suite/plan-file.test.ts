import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';

const folder = (): vscode.Uri => vscode.workspace.workspaceFolders![0]!.uri;

describe('plan files in the editor', () => {
  let document: vscode.TextDocument;
  const uri = (): vscode.Uri => document.uri;
  /** Position inside the last occurrence of a text. */
  const at = (text: string, inside = 1): vscode.Position => document.positionAt(document.getText().lastIndexOf(text) + inside);
  const ours = (): readonly vscode.Diagnostic[] => vscode.languages.getDiagnostics(uri()).filter(({ source }) => source === 'Sluice');

  before(async () => {
    document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder(), 'widgettdc-strict.sluice.json'));
    await vscode.window.showTextDocument(document);
    await until(() => ours().length > 0);
  });
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('are JSON with comments, and say what does not fit', () => {
    assert.equal(document.languageId, 'jsonc');
    const [problem, ...more] = ours();
    assert.deepEqual(more, []);
    assert.match(problem!.message, /^7 values do not fit numeric\(3,2\).*refuses before anything is created\.$/);
    assert.equal(document.getText(problem!.range), '"numeric(3,2)"');
    assert.equal(problem!.severity, vscode.DiagnosticSeverity.Warning);
  });

  it('have no problems when they are in order, and none from their JSON Schema', async () => {
    const good = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder(), 'widgettdc.sluice.json'));
    await vscode.window.showTextDocument(good);
    await sleep(1_500);
    assert.deepEqual(vscode.languages.getDiagnostics(good.uri), []);
    await vscode.window.showTextDocument(document);
  });

  it('have actions and facts above each table', async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri(), 500);
    const titles = lenses.map(({ command }) => command?.title ?? '');
    assert.deepEqual(titles.slice(0, 7), ['Diff', 'Preview SQL', 'Run', 'Diff', 'Preview SQL', 'Run', 'Rows']);
    assert.ok(
      titles.some((title) => /7 rejects expected$/.test(title)),
      titles.join('\n'),
    );
    assert.deepEqual(lenses[3]?.command?.arguments, [{ kind: 'plan-table', uri: uri().toString(), table: 0 }]);
    assert.ok(lenses[0]?.command?.arguments?.[0] instanceof vscode.Uri);
  });

  it('complete what the JSON Schema cannot know', async () => {
    const labels = async (position: vscode.Position): Promise<readonly string[]> => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', uri(), position);
      return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    const types = await labels(at('"numeric(3,2)"', 3));
    assert.ok(types.includes('numeric(3,2)') && types.includes('vector(384)'), types.join());
    const tables = await labels(at('"references": "memory_entities"', 17));
    assert.ok(tables.includes('memory_entities') && tables.includes('memory_relations'), tables.join());
    const profiles = await labels(at('"profile": "embedded"', 13));
    assert.ok(profiles.includes('embedded'), profiles.join());
  });

  it('explain a type and a key', async () => {
    const hover = async (position: vscode.Position): Promise<string> => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri(), position);
      return hovers
        .flatMap(({ contents }) => contents.map((content) => (typeof content === 'string' ? content : content.value)))
        .join('\n');
    };
    assert.match(await hover(at('"numeric(3,2)"', 3)), /strength.*numeric\\\(3,2\\\).*rounded, and that is accepted/s);
    assert.match(await hover(at('"orphans"', 3)), /parent is missing/);
  });

  it('are mended by a quick fix in one undo step', async () => {
    const before = document.getText();
    const [problem] = ours();
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri(), problem!.range);
    const titles = actions.map(({ title }) => title);
    assert.ok(titles.includes('Keep rejected rows apart ("onReject": "quarantine")'), titles.join('\n'));
    const widen = actions.find(({ title }) => title === 'Change the type to numeric');
    await vscode.workspace.applyEdit(widen!.edit!);
    await until(() => ours().length === 0);
    assert.match(document.getText(), /"type": "numeric",\s+"default": \{ "sql": "1\.0" \},\s+"evidence"/);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
    await until(() => ours().length === 1);
  });

  it('show the SQL of a table in a read-only document', async () => {
    await vscode.commands.executeCommand('sluice.previewSql', { kind: 'plan-table', uri: uri().toString(), table: 0 });
    const shown = vscode.window.activeTextEditor?.document;
    assert.deepEqual([shown?.uri.scheme, shown?.languageId], ['sluice-sql', 'sql']);
    assert.match(shown!.getText(), /CREATE TABLE "public"\."memory_entities"/);
  });

  it('are compared with the target in the editor’s own diff', async () => {
    await vscode.commands.executeCommand('sluice.diffSchemas', { kind: 'plan-table', uri: uri().toString(), table: 0 });
    const { activeTab } = vscode.window.tabGroups.activeTabGroup;
    assert.ok(activeTab?.input instanceof vscode.TabInputTextDiff, activeTab?.label);
    const [left, right] = await Promise.all(
      [activeTab.input.original, activeTab.input.modified].map((side) => vscode.workspace.openTextDocument(side)),
    );
    assert.equal(left!.getText(), '');
    assert.match(right!.getText(), /CREATE TABLE .*memory_entities/);
    await vscode.commands.executeCommand('sluice.diffSchemas', uri());
    await until(() => vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes('widgettdc-strict') === true);
  }).timeout(120_000);
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i += 1) await sleep(50);
  assert.ok(condition(), `not within 10 s: ${condition}`);
}
