import { createHash } from 'node:crypto';
import { planSchema, type PlanInput } from './plan-schema.ts';

/**
 * SHA-256 in hex of what a plan does: canonical JSON with sorted keys and every default filled in, without comments, `$schema`, `evidence`, `notes` and
 * `madeFrom`. Writing a default out, adding a comment or moving a key changes nothing.
 */
export function planHash(plan: PlanInput): string {
  return createHash('sha256')
    .update(canonicalJson(planSchema.parse(plan)))
    .digest('hex');
}

/** Keys that say where a plan comes from, not what it does; each only where the schema has it. */
const topLevelRemarks: ReadonlySet<string> = new Set(['$schema', 'madeFrom', 'notes']);

function canonicalJson(plan: ReturnType<typeof planSchema.parse>): string {
  const entries = Object.entries(plan).filter(([key]) => !topLevelRemarks.has(key));
  const withoutEvidence = <T extends { readonly columns: readonly object[]; readonly indexes: readonly object[] }>(table: T): object => ({
    ...table,
    columns: table.columns.map((column) => ({ ...column, evidence: undefined })),
    indexes: table.indexes.map((index) => ({ ...index, evidence: undefined })),
  });
  return JSON.stringify(
    sortKeys({
      ...Object.fromEntries(entries),
      tables: plan.tables.map(withoutEvidence),
      targetOnly: plan.targetOnly.map(withoutEvidence),
    }),
  );
}

/** JSON.stringify leaves out what is undefined. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}
