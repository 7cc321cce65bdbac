import type { OracleTable } from './oracle.ts';

interface SampleTable extends OracleTable {
  readonly rows: number;
}

const keyed = { id: 'integer' } as const;

/** The nine tables of samples/widgettdc with the form in which a foreign reader compares their cells. */
export const widgetTdcTables: readonly SampleTable[] = [
  table('memory_entities', 622, {
    ...keyed,
    org_id: 'text',
    text: 'text',
    metadata: 'json',
    embedding: 'float32',
    created_at: 'instant',
    updated_at: 'instant',
  }),
  table('memory_relations', 1180, { ...keyed, source_id: 'integer', target_id: 'integer', relation_type: 'text', strength: 'decimal' }),
  table('memory_tags', 1421, { ...keyed, entity_id: 'integer', tag: 'text' }),
  table('raw_documents', 160, { ...keyed, org_id: 'text', title: 'text', content: 'text', source: 'text', ingested_at: 'instant' }),
  table('structured_facts', 900, { ...keyed, org_id: 'text', subject: 'text', predicate: 'text', object: 'text', doc_id: 'integer' }),
  table('evolution_kpis', 300, {
    ...keyed,
    decision_id: 'integer',
    kpi_name: 'text',
    expected_value: 'decimal',
    actual_value: 'decimal',
    measured_at: 'instant',
  }),
  table('decisions', 116, { ...keyed, org_id: 'text', title: 'text', description: 'text', made_at: 'instant' }),
  table('pal_focus_windows', 200, { ...keyed, user_id: 'text', start_time: 'instant', end_time: 'instant', priority: 'text' }),
  table('pal_stress_levels', 406, { ...keyed, user_id: 'text', level: 'integer', measured_at: 'epoch-s' }),
];

/** Ids in memory_relations whose strength is beyond numeric(3,2). */
export const strictRejects: readonly number[] = [50, 250, 350, 550, 650, 850, 1050];

/** Strengths of these have more than two decimal places, and fit when rounded. */
export const strictRounded: readonly number[] = [150, 450, 950, 1150];

function table(name: string, rows: number, columns: OracleTable['columns']): SampleTable {
  return { source: name, target: `public.${name}`, columns, rows };
}
