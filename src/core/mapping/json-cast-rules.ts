import type { CastRule } from './cast-rule.ts';

/**
 * What the values of a place in documents are, as counted over all of them → PostgreSQL. A place that holds several kinds keeps all of them in jsonb; texts
 * and arrays may turn out to be something richer (a date, an embedding). https://www.postgresql.org/docs/current/datatype-json.html
 */
export const jsonCastRules: readonly CastRule[] = [
  { declared: ['integer'], type: 'bigint', enforced: true },
  // Every digit as it was written; a double would round them.
  { declared: ['number'], type: 'numeric', enforced: true },
  { declared: ['boolean'], type: 'boolean', enforced: true },
  { declared: ['object', 'mixed'], type: 'jsonb', enforced: true },
  { declared: ['ARRAY'], type: 'jsonb' },
  { declared: ['STRING'], type: 'text', upgrade: true },
  { declared: ['NULL'], type: 'text' },
  // A part of a path is a text beyond doubt: 01 is not 1.
  { declared: ['path'], type: 'text', enforced: true },
];
