import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';

/** A parsed value without what the schema would fill in again. Keys stand in the schema's order. */
export function withoutDefaults(value: unknown, schema: z.core.$ZodType): unknown {
  const plain = unwrap(schema, value);
  if (Array.isArray(value) && plain instanceof z.ZodArray) return value.map((item) => withoutDefaults(item, plain.element));
  if (typeof value !== 'object' || value === null) return value;
  if (plain instanceof z.ZodObject) return objectWithoutDefaults(value as Record<string, unknown>, plain);
  if (plain instanceof z.ZodRecord)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutDefaults(item, plain.valueType)]));
  return value;
}

function objectWithoutDefaults(value: Record<string, unknown>, schema: z.ZodObject): Record<string, unknown> {
  const kept: [string, unknown][] = [];
  for (const [key, field] of Object.entries<z.core.$ZodType>(schema.shape)) {
    if (value[key] === undefined || isDefault(value[key], field)) continue;
    kept.push([key, withoutDefaults(value[key], field)]);
  }
  // Keys of a source that belong to its kind are not in the shape.
  const extra = Object.entries(value).filter(([key]) => !(key in schema.shape));
  return Object.fromEntries([...kept, ...extra]);
}

function isDefault(value: unknown, field: z.core.$ZodType): boolean {
  if (field instanceof z.ZodDefault) return isDeepStrictEqual(value, field.def.defaultValue);
  if (field instanceof z.ZodPrefault) return isDeepStrictEqual(value, field.parse(undefined));
  return false;
}

/** The schema that says what is inside: wrappers taken off, of a union the member that fits. */
function unwrap(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  ) {
    return unwrap(schema.def.innerType, value);
  }
  if (schema instanceof z.ZodUnion) {
    const fitting = schema.options.find((option) => z.safeParse(option, value).success);
    return fitting === undefined ? schema : unwrap(fitting, value);
  }
  return schema;
}
