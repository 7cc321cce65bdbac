import type { CreatedObject } from '../../model/statement.ts';
import type { CompiledPlan } from '../../plan/compiled-plan.ts';

/** An object whose name must be free in its schema. */
export interface WantedName {
  readonly kind: CreatedObject['kind'];
  readonly schema: string;
  readonly name: string;
}

/** Tables, sequences, types and indexes (those of keys as well) that a run makes. */
export function wantedNames(compiled: CompiledPlan): readonly WantedName[] {
  return objectsOf(compiled)
    .filter(({ kind }) => named.has(kind))
    .map(({ kind, schema, name }) => ({ kind, schema: schema ?? 'public', name }));
}

/** Schemas that objects of a run are put into. */
export function wantedSchemas(compiled: CompiledPlan): readonly string[] {
  return [...new Set(wantedNames(compiled).map(({ schema }) => schema))].sort();
}

/** Kinds that share names: an index and a table of one schema cannot be called the same. */
const named: ReadonlySet<CreatedObject['kind']> = new Set(['table', 'partition', 'sequence', 'type', 'index', 'primary-key', 'unique']);

function objectsOf(compiled: CompiledPlan): readonly CreatedObject[] {
  return [...compiled.preData, ...compiled.postData].flatMap(({ object }) => (object === null ? [] : [object]));
}
