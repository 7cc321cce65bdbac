import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireEditor, startEditor, type Editor, type EditorOptions } from './editor.ts';
import { copySample } from './sample-workspace.ts';
import { openWorkbench, type Workbench, type WorkbenchOptions } from './workbench.ts';

/** What the tests of a suite share: made before the first of them, taken away after the last. */
export interface WorkbenchSetting {
  /** A throw-away folder. */
  readonly root: string;
  /** The workspace, in it. */
  readonly folder: string;
  readonly editor: Editor;
  readonly workbench: Workbench;
}

export interface WorkbenchSettingOptions {
  /** In the name of the picture that is taken in the folder of temporary files when a test fails. */
  readonly name: string;
  /** The workspace's path in the throw-away folder; unless told that folder itself. */
  readonly at?: string;
  /** Whether the workspace holds the WidgetTDC sample; so unless told. */
  readonly sample?: boolean;
  /** Lays out more in the workspace before the editor starts, makes a target, and says how the editor differs from one that has this repository linked. */
  readonly prepare?: (context: Mocha.Context, places: Pick<WorkbenchSetting, 'root' | 'folder'>) => Promise<EditorChanges> | EditorChanges;
  readonly workbench?: WorkbenchOptions;
  /** An entry of the Sluice view to wait for, which is opened for that. */
  readonly until?: RegExp;
  /** Takes away what `prepare` made outside of the throw-away folder. */
  readonly remove?: () => Promise<void> | void;
}

type EditorChanges = Partial<Omit<EditorOptions, 'folder'>>;

/** The store of the sample in the Sluice view, as soon as it has been read. */
export const sampleEntry = /widget-tdc\.db.*9 tables/;

/** How long a test waits for what an engine does: seconds alone, and much longer beside other tests. */
export const patience = 90_000;

/** For the top of a suite: an editor of its own on a workspace of its own, and a browser with its workbench; `use` is told them before the first test. */
export function atWorkbench(options: WorkbenchSettingOptions, use: (setting: WorkbenchSetting) => Promise<void> | void): void {
  let root: string | undefined;
  let editor: Editor | undefined;
  let workbench: Workbench | undefined;

  before(async function () {
    requireEditor(this);
    root = mkdtempSync(join(tmpdir(), 'sluice-ui-'));
    const folder = join(root, options.at ?? '');
    if (options.sample !== false) copySample(folder);
    const changes = await options.prepare?.(this, { root, folder });
    editor = await startEditor({ folder, extension: 'linked', ...changes });
    workbench = await openWorkbench(editor, options.workbench);
    if (options.until !== undefined) {
      await workbench.openView('Sluice');
      await workbench.treeItem(options.until).waitFor({ timeout: patience });
    }
    await use({ root, folder, editor, workbench });
  });

  after(async () => {
    await workbench?.close();
    await editor?.stop();
    await options.remove?.();
    if (root !== undefined) rmSync(root, { recursive: true, force: true });
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await workbench?.page.screenshot({ path: join(tmpdir(), `sluice-ui-failed-${options.name}.png`) });
  });
}
