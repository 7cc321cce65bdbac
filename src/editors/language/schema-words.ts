import { planJsonSchema } from '../../core/plan/plan-json-schema.ts';

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
}

/** Keys that an object at a path may have, in any of its shapes. */
export function keysAt(path: readonly (string | number)[]): readonly string[] {
  return [...new Set(schemasAt(path).flatMap(({ properties }) => Object.keys(properties ?? {})))];
}

/** Words that a value at a path may be; empty where any text may stand. */
export function wordsAt(path: readonly (string | number)[]): readonly string[] {
  return schemasAt(path).flatMap((schema) => (schema.enum ?? []).filter((word) => typeof word === 'string'));
}

function schemasAt(path: readonly (string | number)[]): readonly JsonSchema[] {
  return path.reduce<readonly JsonSchema[]>(
    (schemas, step) => schemas.flatMap((schema) => below(schema, step)),
    alternatives(planJsonSchema()),
  );
}

function below(schema: JsonSchema, step: string | number): readonly JsonSchema[] {
  const rest = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  const next = typeof step === 'number' ? schema.items : (schema.properties?.[step] ?? rest);
  return next === undefined ? [] : alternatives(next);
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return [schema, ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(alternatives)];
}
