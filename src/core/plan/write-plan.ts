import { withoutDefaults } from './without-defaults.ts';
import { planSchema, type PlanInput } from './plan-schema.ts';

/**
 * Text of a plan file: JSON with the keys in the schema's order, defaults left out, one line per column, ended by a new line.
 * Reading it back gives the same plan. Throws a ZodError for what is not a plan.
 */
export function writePlan(plan: PlanInput): string {
  return `${print(withoutDefaults(planSchema.parse(plan), planSchema), 0, 0)}\n`;
}

const maxWidth = 140;

/**
 * Lists of tables, columns and keys go one a line; anything deeper stays on one line as long as it fits.
 * `depth`: how many objects and lists are around; `used`: characters that stand before the value on its line.
 */
function print(value: unknown, depth: number, used: number): string {
  const line = printInline(value);
  if (typeof value !== 'object' || value === null) return line;
  const fits = used + line.length <= maxWidth;
  if (fits && !(depth < 4 && holdsObjects(value))) return line;
  const indent = '  '.repeat(depth + 1);
  const items = Array.isArray(value)
    ? value.map((item) => print(item, depth + 1, indent.length + 1))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${print(item, depth + 1, indent.length + key.length + 5)}`);
  if (items.length === 0) return line;
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${items.map((item) => `${indent}${item}`).join(',\n')}\n${'  '.repeat(depth)}${close}`;
}

function holdsObjects(value: object): boolean {
  return Object.values(value).some((item) => typeof item === 'object' && item !== null && (!Array.isArray(item) || holdsObjects(item)));
}

function printInline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printInline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${printInline(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
