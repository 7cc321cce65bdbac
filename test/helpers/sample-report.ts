import type { RunReport } from '../../src/core/index.ts';
import type { TableVerification } from '../../src/core/model/discrepancy.ts';
import { readPlan } from '../../src/core/plan/read-plan.ts';

const plan = {
  version: 1,
  name: 'widgettdc',
  sources: { main: { kind: 'sqlite', path: 'widget-tdc.db' } },
  target: { profile: 'embedded' },
  tables: [table('memory_entities', ['id', 'org_id', 'text']), table('memory_relations', ['source_id', 'strength'])],
};

/** A run of two tables, 600 rows and 1,600 cells, that ended in a proof. */
export function sampleReport(): RunReport {
  return {
    runId: 'r-0123456789ab',
    name: 'widgettdc',
    status: 'done',
    startedAt: '2026-03-12T14:02:03.000Z',
    finishedAt: '2026-03-12T14:02:23.000Z',
    engineVersion: '0.1.0',
    planHash: 'ab'.repeat(32),
    plan: readPlan(JSON.stringify(plan), { path: 'widgettdc.sluice.json' }),
    sources: [{ name: 'main', kind: 'sqlite', location: '/store/widget-tdc.db', fingerprint: 'cd'.repeat(32) }],
    target: { name: 'embedded', label: 'embedded (.sluice/postgres)', schema: 'public', serverVersion: '18.0', vectorVersion: '0.8.1' },
    seconds: { plan: 2.1, preData: 0.3, data: 0.6, postData: 4.2, verify: 3.6, total: 10.8 },
    peakRssMb: 214.4,
    tables: [outcome('memory_entities', 400, 0.4), outcome('memory_relations', 200, 0.2)],
    rejects: { total: 0, shown: [] },
    orphans: [],
    preflight: null,
    backups: [],
    verification: { status: 'match', tables: [verified('memory_entities', 400), verified('memory_relations', 200)] },
    warnings: [],
    losses: [],
    createdObjects: [
      { kind: 'table', schema: 'public', table: null, name: 'memory_entities' },
      { kind: 'table', schema: 'public', table: null, name: 'memory_relations' },
      { kind: 'index', schema: 'public', table: null, name: 'memory_entities_org_id_idx' },
    ],
    statements: [{ section: 'pre-data', sql: 'CREATE TABLE public.memory_entities (id bigint)' }],
    error: null,
  };
}

function table(name: string, columns: readonly string[]): object {
  return { source: 'main', from: name, to: name, columns: columns.map((column) => ({ from: column, to: column, type: 'text' })) };
}

function outcome(name: string, rows: number, seconds: number): RunReport['tables'][number] {
  return {
    source: 'main',
    from: name,
    to: `public.${name}`,
    rowsRead: rows,
    rowsWritten: rows,
    rowsRejected: 0,
    bytes: rows * 100,
    seconds,
  };
}

function verified(name: string, rows: number): TableVerification {
  return {
    table: `public.${name}`,
    sourceRows: rows,
    targetRows: rows,
    missing: 0,
    extra: 0,
    different: 0,
    differentByColumn: {},
    discrepancies: [],
    aggregates: [],
    notIndependentlyChecked: null,
    constraints: [],
  };
}
