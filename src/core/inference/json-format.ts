/** What kind of JSON document a text is; `length` counts the numbers of a vector, `norm` is its Euclidean length. */
export interface JsonFormat {
  readonly kind: 'object' | 'array' | 'vector';
  readonly length: number;
  readonly norm: number;
}

/** An object or an array that jsonb can hold (no NUL, no lone surrogate in any string), or null. A vector is an array of finite numbers, not empty. */
export function jsonFormat(text: string): JsonFormat | null {
  const first = firstCode(text);
  if (first !== 123 && first !== 91) return null;
  const parsed = parse(text);
  if (parsed === undefined || (text.includes('\\u') && !storable(parsed))) return null;
  if (!Array.isArray(parsed)) return { kind: 'object', length: 0, norm: 0 };
  const vector = parsed.length > 0 && parsed.every((item) => typeof item === 'number' && Number.isFinite(item));
  return { kind: vector ? 'vector' : 'array', length: parsed.length, norm: vector ? normOf(parsed as number[]) : 0 };
}

function normOf(numbers: readonly number[]): number {
  let squares = 0;
  for (const number of numbers) squares += number * number;
  return Math.sqrt(squares);
}

/** Code of the first character that is not white space of JSON. */
function firstCode(text: string): number {
  let i = 0;
  let code = text.charCodeAt(0);
  while (code === 32 || code === 10 || code === 13 || code === 9) code = text.charCodeAt(++i);
  return code;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function storable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => storable(key) && storable(item));
}
