import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MigrationError } from '../../../../src/core/errors.ts';
import type { InspectResult } from '../../../../src/core/index.ts';
import type { StoreSummary } from '../../../../src/core/model/store-summary.ts';
import { StoresModel } from '../../../../src/host/stores/stores-model.ts';
import { FakeEngines, settled } from '../../../helpers/fake-engines.ts';

const summaryOf = (path: string, fingerprint = 'one'): StoreSummary => ({
  path,
  kind: 'sqlite',
  bytes: 4096,
  fingerprint,
  tables: [{ name: 't', rows: 3, columns: [] }],
  skipped: [],
});
const inspectionOf = (location: string, fingerprint = 'one'): InspectResult => ({
  stores: [{ kind: 'sqlite', location, fingerprint, tables: [] }],
});

describe('stores of a window', () => {
  let folder: string;
  let added: readonly string[];
  let allowed: boolean;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-stores-'));
    for (const name of ['a.db', 'b.db', 'c.db']) writeFileSync(join(folder, name), 'x');
  });
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    added = [];
    allowed = true;
  });
  const at = (name: string): string => join(folder, name);

  function model(engines: FakeEngines, files: readonly string[], searchesByItself = true): StoresModel {
    return new StoresModel({
      engines,
      isAllowed: () => allowed,
      searchesByItself: () => searchesByItself,
      findFiles: async () => files,
      sampleRows: () => 100,
      readAdded: () => added,
      keepAdded: (paths) => (added = paths),
      onList: () => {},
    });
  }
  const recognising = (...names: string[]): FakeEngines =>
    new FakeEngines({
      recognise: ({ paths }) =>
        paths.filter((path) => names.some((name) => at(name) === path)).map((path) => ({ path, kind: 'sqlite', bytes: 4096 })),
      openStore: ({ location }) => summaryOf(location),
      inspect: ({ locations }) => inspectionOf(locations[0]!),
    });

  it('finds stores by content and sorts them by path', async () => {
    const stores = model(recognising('b.db', 'a.db'), [at('c.db'), at('b.db'), at('a.db')]);
    assert.equal(await stores.discover(), 2);
    assert.deepEqual(
      stores.list.map(({ path, added: byHand }) => [path, byHand]),
      [
        [at('a.db'), false],
        [at('b.db'), false],
      ],
    );
    assert.equal(stores.searching, false);
  });

  it('asks nothing in a workspace that is not trusted', async () => {
    allowed = false;
    const engines = recognising('a.db');
    const stores = model(engines, [at('a.db')]);
    stores.begin();
    assert.equal(await stores.discover(), 0);
    await assert.rejects(stores.add(at('a.db')), { code: 'workspace-not-trusted' });
    assert.deepEqual(engines.asked, []);
  });

  it('searches once when the view is shown again and again, and while a search goes on', async () => {
    const engines = recognising('a.db');
    const stores = model(engines, [at('a.db')]);
    stores.begin();
    stores.begin();
    assert.equal(stores.searching, true);
    await stores.discover();
    assert.equal(engines.count('recognise'), 1);
  });

  it('lists only what was added where the user wants no search', async () => {
    added = [at('b.db')];
    const stores = model(recognising('a.db', 'b.db'), [at('a.db')], false);
    stores.begin();
    await settled();
    assert.deepEqual(
      stores.list.map(({ path, added: byHand }) => [path, byHand]),
      [[at('b.db'), true]],
    );
  });

  it('adds a store, keeps it over searches, and removes it', async () => {
    const stores = model(recognising('a.db'), []);
    const entry = await stores.add(at('a.db'));
    assert.equal(entry.added, true);
    assert.deepEqual(added, [at('a.db')]);
    await stores.discover();
    assert.equal(stores.list.length, 1);
    stores.remove(at('a.db'));
    assert.deepEqual([stores.list, added], [[], []]);
  });

  it('does not add what is not there or is no store', async () => {
    const engines = new FakeEngines({
      openStore: () => {
        throw new MigrationError('unknown-store', { context: { path: at('c.db') } });
      },
    });
    const stores = model(engines, []);
    await assert.rejects(stores.add(at('nowhere.db')), { code: 'no-such-file' });
    await assert.rejects(stores.add(at('c.db')), { code: 'unknown-store' });
    assert.deepEqual([stores.list, added], [[], []]);
  });

  it('loads tables first and types afterwards, and returns at once', async () => {
    const stores = model(recognising('a.db'), [at('a.db')]);
    await stores.discover();
    const changes: (string | null)[] = [];
    stores.onDidChange((path) => changes.push(path));
    stores.load(at('a.db'));
    stores.load(at('a.db'));
    assert.equal(stores.list[0]!.summary.loading, true);
    await settled();
    const [entry] = stores.list;
    assert.equal(entry!.summary.value?.tables.length, 1);
    assert.equal(entry!.inspected.value?.fingerprint, 'one');
    assert.ok(changes.length >= 3 && changes.every((path) => path === at('a.db')));
  });

  it('keeps what it knew when a reload fails, beside the error', async () => {
    const engines = recognising('a.db');
    const stores = model(engines, [at('a.db')]);
    await stores.discover();
    stores.load(at('a.db'));
    await settled();
    engines.answers.openStore = () => {
      throw new MigrationError('source-locked', { context: { path: at('a.db') } });
    };
    stores.reload(at('a.db'));
    await settled();
    const { summary } = stores.list[0]!;
    assert.deepEqual([summary.error?.code, summary.value?.tables.length, summary.loading], ['source-locked', 1, false]);
  });

  it('looks at the types again only when the store has changed', async () => {
    const engines = recognising('a.db');
    const stores = model(engines, [at('a.db')]);
    await stores.discover();
    stores.load(at('a.db'));
    await settled();
    stores.reload(at('a.db'));
    await settled();
    assert.equal(engines.count('inspect'), 1);
    engines.answers.openStore = ({ location }) => summaryOf(location, 'two');
    stores.reload(at('a.db'));
    await settled();
    assert.equal(engines.count('inspect'), 2);
  });

  it('drops a late answer to an earlier question', async () => {
    const late: ((summary: StoreSummary) => void)[] = [];
    const engines = recognising('a.db');
    engines.answers.openStore = () => new Promise((resolve) => late.push(resolve));
    const stores = model(engines, [at('a.db')]);
    await stores.discover();
    stores.load(at('a.db'));
    stores.reload(at('a.db'));
    await settled();
    late[1]!(summaryOf(at('a.db'), 'new'));
    await settled();
    late[0]!(summaryOf(at('a.db'), 'old'));
    await settled();
    assert.equal(stores.list[0]!.summary.value?.fingerprint, 'new');
  });
});
