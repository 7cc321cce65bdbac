import type { CastRule } from './cast-rule.ts';

/**
 * What the values of a field in the records of a Jac store are, as counted over all of them → PostgreSQL. Python tells its values apart, so a field keeps its
 * type; texts and lists of numbers may turn out to be something richer (a date, an embedding). https://docs.python.org/3/library/stdtypes.html
 */
export const jacCastRules: readonly CastRule[] = [
  { declared: ['bool'], type: 'boolean', enforced: true },
  { declared: ['int', 'position'], type: 'bigint', enforced: true },
  { declared: ['int beyond 64 bits', 'Decimal'], type: 'numeric', enforced: true },
  { declared: ['float'], type: 'double precision', enforced: true },
  { declared: ['STR'], type: 'text', upgrade: true },
  // A name of a class or a member is a text beyond doubt.
  { declared: ['name', 'Enum'], type: 'text', enforced: true },
  { declared: ['bytes'], type: 'bytea', enforced: true },
  { declared: ['datetime'], type: 'timestamp', enforced: true },
  { declared: ['datetime with time zone'], type: 'timestamptz', enforced: true },
  { declared: ['date'], type: 'date', enforced: true },
  { declared: ['time'], type: 'time', enforced: true },
  { declared: ['time with time zone'], type: 'timetz', enforced: true },
  { declared: ['timedelta'], type: 'interval', enforced: true },
  { declared: ['UUID', 'node'], type: 'uuid', enforced: true },
  { declared: ['LIST'], type: 'jsonb' },
  { declared: ['object'], type: 'jsonb', enforced: true },
  { declared: ['NONE'], type: 'text' },
];
