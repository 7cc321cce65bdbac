const dashed = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const plain = /^[0-9a-f]{32}$/;

/** A UUID with or without dashes as this project writes it: lower case, with dashes. null = it is none. */
export function uuidText(text: string): string | null {
  const lower = text.toLowerCase();
  if (dashed.test(lower)) return lower;
  return plain.test(lower) ? withDashes(lower) : null;
}

/** Python keeps a UUID as an integer of 128 bits. null = it is none. */
export function uuidOfInteger(value: bigint): string | null {
  return value < 0n || value >= 1n << 128n ? null : withDashes(value.toString(16).padStart(32, '0'));
}

function withDashes(digits: string): string {
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join('-');
}
