import type { PlanFacts } from '../../../src/editors/language/plan-facts.ts';

/** A plan with tables `orgs` and `people`; the parts are put in as they are. */
export function planText(
  parts: { readonly column?: string; readonly table?: string; readonly options?: string; readonly head?: string } = {},
): string {
  return `// a plan
{
  "version": 1, "name": "shop",${parts.head ?? ''}
  "sources": { "main": { "kind": "sqlite", "path": "shop.db" } },
  "target": { "profile": "embedded" },${parts.options === undefined ? '' : `\n  "options": ${parts.options},`}
  "tables": [
    { "source": "main", "from": "orgs", "to": "orgs", "columns": [
      { "from": "id", "to": "id", "type": "bigint", "nullable": false }
    ], "primaryKey": ["id"] },
    { "source": "main", "from": "people", "to": "people", "columns": [
      { "from": "id", "to": "id", "type": "bigint", "nullable": false },
      { "from": "org_id", "to": "org_id", "type": "bigint" },
      ${parts.column ?? '{ "from": "score", "to": "score", "type": "real" }'}
    ], "primaryKey": ["id"]${parts.table === undefined ? '' : `,\n      ${parts.table}`} }
  ]
}
`;
}

export const shopFacts: PlanFacts = {
  table: (path, table) => {
    if (path !== 'shop.db' || table !== 'people') return null;
    const columns = ['id INTEGER', 'org_id INTEGER', 'score REAL', 'born TEXT'].map((column) => column.split(' '));
    return { rows: 31_408, columns: columns.map(([name = '', declared = '']) => ({ name, declared })) };
  },
  tables: () => ['orgs', 'people', 'tags'],
  profiles: [
    { id: 'embedded', detail: '.sluice/postgres' },
    { id: 'env:DATABASE_URL', detail: '.env' },
  ],
  stale: null,
};
