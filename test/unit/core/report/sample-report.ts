import { planSchema } from '../../../../src/core/plan/plan-schema.ts';
import type { RunReport } from '../../../../src/core/report/run-report.ts';

/** A run with something of everything: a reject, a loss, a mismatch, an orphan, and values that try to be markup. */
export const sampleReport: RunReport = {
  runId: 'r-0123456789ab',
  name: 'shop <script>alert(1)</script>',
  status: 'partial',
  startedAt: '2026-01-02T03:04:05.000Z',
  finishedAt: '2026-01-02T03:04:17.500Z',
  engineVersion: '0.1.0',
  planHash: 'sha256:00112233',
  plan: planSchema.parse({
    version: 1,
    name: 'shop',
    sources: { main: { kind: 'sqlite', path: 'shop.db' } },
    target: { profile: 'embedded', schema: 'shop' },
    tables: [
      {
        source: 'main',
        from: 'orders',
        to: 'orders',
        columns: [
          { from: 'id', to: 'id', type: 'bigint', identity: true, nullable: false, evidence: '3 of 3 values are integers' },
          { from: 'note|text', to: 'note', type: 'text', evidence: 'declared TEXT | longest 40 characters' },
          { to: 'created_at', type: 'timestamptz', default: { sql: 'now()' } },
        ],
        primaryKey: ['id'],
      },
      { source: 'main', from: 'scratch', to: 'scratch', include: false },
    ],
  }),
  sources: [{ name: 'main', kind: 'sqlite', location: '/data/shop.db', fingerprint: 'xxh:abc' }],
  target: {
    name: 'embedded:.sluice/postgres',
    label: 'embedded (.sluice/postgres)',
    schema: 'shop',
    serverVersion: '18.0',
    vectorVersion: '0.8.0',
  },
  seconds: { plan: 0.4, preData: 0.05, data: 7, postData: 3.25, verify: 1.8, total: 12.5 },
  peakRssMb: 210,
  tables: [
    { source: 'main', from: 'orders', to: 'shop.orders', rowsRead: 1234, rowsWritten: 1233, rowsRejected: 1, bytes: 4096, seconds: 7 },
    {
      source: 'main',
      from: 'stock',
      to: 'shop.stock',
      rowsRead: 0,
      rowsWritten: 0,
      rowsRejected: 0,
      bytes: 0,
      seconds: 0,
      existing: { mode: 'upsert', inserted: 1_000, updated: null, deleted: 0, leftAlone: 12_345 },
    },
  ],
  rejects: {
    total: 2,
    shown: [
      {
        table: 'shop.orders',
        provenance: 'rowid 17',
        column: 'note',
        code: 'nul-byte',
        message: 'a NUL byte',
        value: 'a\u0000b`c`\u001b[31m',
      },
    ],
  },
  verification: {
    status: 'mismatch',
    tables: [
      {
        table: 'shop.orders',
        sourceRows: 1233,
        targetRows: 1233,
        missing: 0,
        extra: 0,
        different: 1,
        differentByColumn: { note: 1 },
        discrepancies: [
          {
            key: ['9'],
            state: 'different',
            columns: [{ name: 'note', source: '*a*', target: '__b__', rule: 'text differs' }],
            provenance: 'rowid 9',
          },
        ],
        aggregates: [
          { column: 'id', aggregate: 'max', source: '1234', target: '1234', equal: true },
          { column: 'id', aggregate: 'nulls', source: '0', target: '0', equal: true },
          { column: 'note', aggregate: 'length', source: '40', target: '41', equal: false },
          { column: 'note', aggregate: 'min', source: 'x'.repeat(80), target: 'x'.repeat(80), equal: true },
        ],
        notIndependentlyChecked: null,
        constraints: [
          {
            kind: 'foreign-key',
            name: 'orders_customer_fkey',
            status: 'warning',
            message: '2 rows point nowhere; the key is not validated',
          },
        ],
      },
    ],
  },
  warnings: [{ code: 'orphans', message: '2 rows of shop.orders point nowhere', table: 'shop.orders' }],
  orphans: [
    {
      table: 'shop.orders',
      constraint: 'orders_customer_fkey',
      columns: ['customer'],
      references: 'shop.customers',
      referencesColumns: ['id'],
      total: 2,
      rows: [{ key: ['12'], values: ['<b>77|78</b>'], provenance: 'rowid 12' }],
    },
  ],
  losses: [{ table: 'shop.orders', column: 'note', loss: 'lossy', values: 3, message: 'empty text became NULL' }],
  preflight: {
    findings: [
      {
        code: 'no-space',
        severity: 'warning',
        message: 'The target needs about 300000 bytes in /data, and 200000 are free.',
        remedy: 'Free some space there, or choose a folder on a larger disk.',
        context: { needed: 300_000, free: 200_000 },
      },
    ],
    server: { version: 180_000, vector: { needed: false, version: '0.8.0', installed: false, schema: null } },
    vectorIndexes: [],
    disk: [{ what: 'target', path: '/data', needed: 300_000, free: 200_000 }],
    rows: { checked: 1234, rejects: 1 },
    losses: [],
  },
  backups: [{ source: 'main', path: '/safe/shop-20260102T030405Z.db', bytes: 8192, sha256: '00ff' }],
  createdObjects: [
    { kind: 'schema', schema: null, table: null, name: 'shop' },
    { kind: 'table', schema: 'shop', table: null, name: 'orders' },
    { kind: 'primary-key', schema: 'shop', table: 'orders', name: 'orders_pkey' },
  ],
  statements: [
    { section: 'pre-data', sql: 'CREATE SCHEMA "shop"' },
    { section: 'pre-data', sql: 'CREATE TABLE "shop"."orders" (\n  "id" bigint NOT NULL\n);' },
    { section: 'post-data', sql: 'COMMENT ON TABLE "shop"."orders" IS \'```\'' },
  ],
  error: null,
};

/** A run without anything to complain about. */
export const cleanReport: RunReport = {
  ...sampleReport,
  name: 'shop',
  status: 'done',
  rejects: { total: 0, shown: [] },
  orphans: [],
  warnings: [],
  losses: [],
  preflight: null,
  backups: [],
  verification: {
    status: 'match',
    tables: sampleReport.verification.tables.map((table) => ({
      ...table,
      different: 0,
      differentByColumn: {},
      discrepancies: [],
      aggregates: [],
      constraints: [],
    })),
  },
};
