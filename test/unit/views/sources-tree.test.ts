import assert from 'node:assert/strict';
import { toErrorShape } from '../../../src/core/errors.ts';
import { MigrationError } from '../../../src/core/errors.ts';
import type { EngineState } from '../../../src/host/engines.ts';
import type { StoreEntry } from '../../../src/host/host.ts';
import { notLoaded } from '../../../src/host/loaded.ts';
import { SourcesTree } from '../../../src/views/sources/sources-tree.ts';
import { plainText } from '../../helpers/plain-text.ts';

const store = (path: string, changes: Partial<StoreEntry> = {}): StoreEntry => ({
  path,
  recognised: { path, kind: 'sqlite', bytes: 61_000_000 },
  added: false,
  summary: {
    value: {
      path,
      kind: 'sqlite',
      bytes: 61_000_000,
      fingerprint: 'f',
      tables: [
        {
          name: 'relations',
          rows: 31_408,
          columns: [
            { name: 'id', declared: 'INTEGER', nullable: false, key: true },
            { name: 'any', declared: '', nullable: true, key: false },
          ],
        },
      ],
      skipped: [{ name: 'sqlite_stat1', reason: 'internal' }],
    },
    loading: false,
    error: null,
  },
  inspected: notLoaded(),
  ...changes,
});

describe('view of sources', () => {
  let list: readonly StoreEntry[];
  let state: EngineState;
  let tree: SourcesTree;
  let loaded: string[];
  beforeEach(() => {
    list = [store('/w/a/x.db')];
    state = { kind: 'running', pid: 1 };
    loaded = [];
    const stores = {
      get list() {
        return list;
      },
      load: (path: string) => void loaded.push(path),
    };
    const engines = {
      get state() {
        return state;
      },
    };
    tree = new SourcesTree({ engines, stores, shownPath: (path) => path.replace('/w/', ''), t: plainText });
  });
  const first = () => tree.item(tree.children(undefined)[0]!);

  it('says kind, tables and size of a store, and has it loaded', () => {
    assert.deepEqual([first().label, first().description, first().context], ['x.db', 'SQLite · 1 table · 61 MB', 'store']);
    assert.ok(loaded.includes('/w/a/x.db'));
    assert.match(first().tooltip ?? '', /sqlite\\_stat1: internal/);
  });

  it('marks what was added so that menus find it', () => {
    list = [store('/w/a/x.db', { added: true })];
    const { context } = first();
    assert.match(context, /^store(?!-)/);
    assert.match(context, /^store.*added/);
  });

  it('tells stores of one name apart', () => {
    list = [store('/w/a/x.db'), store('/w/b/x.db')];
    assert.equal(first().description, 'a · SQLite · 1 table · 61 MB');
  });

  it('shows rows, declared types, and inferred ones when they are there', () => {
    const [table] = tree.children({ kind: 'store', path: '/w/a/x.db' });
    assert.equal(tree.item(table!).description, '31,408 rows');
    assert.equal(tree.item(table!).command?.id, 'sluice.openRows');
    const columns = tree.children(table);
    assert.deepEqual(
      columns.map((column) => [tree.item(column).label, tree.item(column).description, tree.item(column).icon?.id]),
      [
        ['id', 'INTEGER', 'key'],
        ['any', 'no type', 'symbol-field'],
      ],
    );
    const inspected = (name: string, inferred: string) => ({ name, declared: '', inferred, nullable: true, evidence: 'all of them' });
    const types = {
      kind: 'sqlite',
      location: '',
      fingerprint: '',
      tables: [{ name: 'relations', rows: 1, columns: [inspected('any', 'vector(384)')], primaryKey: [], foreignKeys: [], indexes: [] }],
    };
    list = [store('/w/a/x.db', { inspected: { value: types, loading: false, error: null } })];
    assert.deepEqual([tree.item(columns[1]!).description, tree.item(columns[1]!).icon?.id], ['no type → vector(384)', 'symbol-array']);
  });

  it('keeps an error in its place, with the remedy', () => {
    const error = toErrorShape(new MigrationError('source-locked', { context: { path: '/w/a/x.db' } }));
    list = [store('/w/a/x.db', { summary: { value: null, loading: false, error } })];
    const [child] = tree.children({ kind: 'store', path: '/w/a/x.db' });
    assert.equal(tree.item(child!).label, error.message);
    assert.match(tree.item(child!).tooltip ?? '', /\.backup copy\\\.db/);
    assert.equal(first().icon?.id, 'warning');
  });

  it('says that something loads', () => {
    list = [store('/w/a/x.db', { summary: { value: null, loading: true, error: null } })];
    assert.equal(first().description, 'SQLite · loading… · 61 MB');
    assert.deepEqual(
      tree.children({ kind: 'store', path: '/w/a/x.db' }).map((node) => tree.item(node).label),
      ['Loading…'],
    );
  });

  it('shows the engine only when it is down', () => {
    state = { kind: 'crashed', reason: 'signal SIGSEGV', retryAt: 0, crashes: 1 };
    assert.deepEqual([first().label, first().context], ['Engine stopped: signal SIGSEGV', 'engine']);
    state = { kind: 'failed', reason: 'no driver', code: 'native-missing' };
    assert.equal(first().label, 'Engine cannot start: no driver');
    list = [];
    assert.deepEqual(tree.children(undefined), [], 'the welcome text says it');
    state = { kind: 'stopped' };
    list = [store('/w/a/x.db')];
    assert.equal(first().label, 'x.db');
  });
});
