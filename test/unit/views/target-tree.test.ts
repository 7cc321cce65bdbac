import assert from 'node:assert/strict';
import type { TargetTableDetails } from '../../../src/core/model/target-tree.ts';
import type { TargetEntry, TargetProfile } from '../../../src/host/host.ts';
import { notLoaded, nowLoaded } from '../../../src/host/loaded.ts';
import { TargetTree } from '../../../src/views/target/target-tree.ts';
import { plainText } from '../../helpers/plain-text.ts';

const embedded: TargetProfile = { id: 'embedded', kind: 'embedded', label: 'embedded', detail: '.sluice/postgres', isProtected: false };
const saved: TargetProfile = { id: 'staging', kind: 'saved', label: 'staging', detail: 'app@db:5432/shop', isProtected: true };
const variable: TargetProfile = {
  id: 'env:DATABASE_URL',
  kind: 'environment',
  label: 'DATABASE_URL',
  detail: '.env · db/shop',
  isProtected: false,
};
const column = (
  name: string,
  type: string,
  changes: Partial<TargetTableDetails['columns'][number]> = {},
): TargetTableDetails['columns'][number] => ({
  name,
  type,
  nullable: true,
  key: null,
  align: 'left',
  vector: null,
  references: null,
  vectorIndexes: [],
  default: null,
  ...changes,
});
const details: TargetTableDetails = {
  columns: [
    column('id', 'bigint', { key: 0 }),
    column('embedding', 'vector(384)', {
      vector: 384,
      vectorIndexes: [
        {
          name: 'reports_embedding_idx',
          method: 'hnsw',
          label: 'hnsw',
          opclass: 'vector_cosine_ops',
          metric: 'cosine',
          options: {},
          bytes: 1_000_000,
        },
      ],
    }),
    column('submitted_at', 'timestamp with time zone'),
  ],
  constraints: [{ name: 'reports_pkey', kind: 'primary-key', definition: 'PRIMARY KEY (id)', valid: true }],
  indexes: [{ name: 'reports_embedding_idx', method: 'hnsw', definition: 'CREATE INDEX …', bytes: 1_000_000, valid: false }],
};
const table = (name: string, estimatedRows: number | null) => ({ name, kind: 'table' as const, estimatedRows, bytes: 171_000_000 });
const connected: TargetEntry = {
  profile: embedded,
  connected: true,
  tree: nowLoaded({
    serverVersion: '15.18',
    vectorVersion: '0.8.0',
    vectorAvailable: '0.8.0',
    schemas: [
      { name: 'pg_toast', bytes: 0, tables: [] },
      { name: 'sluice', bytes: 90_000, tables: [table('run', 1)] },
      { name: 'information_schema', bytes: 0, tables: [] },
      { name: 'public', bytes: 412_000_000, tables: [table('reports', 48_211), table('fresh', null)] },
    ],
  }),
  tables: new Map([['public.reports', nowLoaded(details)]]),
};
const disconnected = (profile: TargetProfile): TargetEntry => ({ profile, connected: false, tree: notLoaded(), tables: new Map() });

describe('view of targets', () => {
  const make = (list: readonly TargetEntry[]): TargetTree =>
    new TargetTree({
      targets: {
        list,
        find: (id) => list.find(({ profile }) => profile.id === id),
        current: embedded,
        load: () => {},
        loadTable: () => {},
      },
      t: plainText,
    });
  const rows = (tree: TargetTree, parent?: Parameters<TargetTree['children']>[0]) =>
    tree.children(parent).map((node) => [tree.item(node).label, tree.item(node).description, tree.item(node).context]);

  it('says what each profile is', () =>
    assert.deepEqual(rows(make([connected, disconnected(variable), disconnected(saved)])), [
      ['embedded', 'PostgreSQL 15.18 · pgvector 0.8.0', 'target-connected'],
      ['env:DATABASE_URL', 'not connected', 'target-disconnected'],
      ['staging', 'not connected', 'target-disconnected-saved'],
    ]));

  it('says that the first run makes the embedded target, and opens nothing below', () => {
    const tree = make([disconnected(embedded)]);
    assert.deepEqual(rows(tree), [['embedded', 'made by the first run', 'target-disconnected']]);
    assert.deepEqual(tree.children({ kind: 'target', profile: 'embedded' }), []);
  });

  it('hides schemas of the server and puts its own state last', () =>
    assert.deepEqual(rows(make([connected]), { kind: 'target', profile: 'embedded' }), [
      ['public', '2 tables · 412 MB', 'schema'],
      ['sluice', '1 table · 90 kB', 'schema'],
    ]));

  it('marks estimates', () =>
    assert.deepEqual(rows(make([connected]), { kind: 'schema', profile: 'embedded', schema: 'public' }), [
      ['reports', '~48,211 rows · 171 MB', 'target-table'],
      ['fresh', '171 MB', 'target-table'],
    ]));

  it('shows columns, constraints and indexes of a table', () => {
    const tree = make([connected]);
    const node = { kind: 'target-table', profile: 'embedded', schema: 'public', table: 'reports' } as const;
    assert.deepEqual(rows(tree, node), [
      ['id', 'bigint', 'target-column'],
      ['embedding', 'vector(384) · hnsw cosine', 'target-column-vector'],
      ['submitted_at', 'timestamptz', 'target-column'],
      ['Constraints', '1', 'group-constraints'],
      ['Indexes', '1', 'group-indexes'],
    ]);
    const [, , , constraints, indexes] = tree.children(node);
    assert.deepEqual(rows(tree, constraints), [['reports_pkey', 'PRIMARY KEY (id)', 'constraint']]);
    assert.deepEqual(rows(tree, indexes), [['reports_embedding_idx', 'not valid · hnsw · 1.0 MB', 'index']]);
  });
});
