import type { PlanInput } from '../../../../src/core/plan/plan-schema.ts';

type TableInput = PlanInput['tables'][number];
type ColumnInput = NonNullable<TableInput['columns']>[number];

/** A plan that is in order, with one table `a(id, v)`; parts can be replaced. */
export function planInput(changed: Partial<PlanInput> = {}): PlanInput {
  return {
    version: 1,
    name: 'test',
    sources: { main: { kind: 'sqlite', path: 'a.db' } },
    target: { profile: 'embedded' },
    tables: [tableInput('a')],
    ...changed,
  };
}

export function tableInput(name: string, changed: Partial<TableInput> = {}): TableInput {
  return { source: 'main', from: name, to: name, columns: [idColumn, columnInput('v', 'text')], primaryKey: ['id'], ...changed };
}

export function columnInput(name: string, type: string, changed: Partial<ColumnInput> = {}): ColumnInput {
  return { from: name, to: name, type, ...changed };
}

export const idColumn: ColumnInput = { from: 'id', to: 'id', type: 'bigint', identity: true, nullable: false };
