const shortNames: readonly (readonly [RegExp, string])[] = [
  [/^timestamp(\(\d+\))? with time zone/, 'timestamptz$1'],
  [/^timestamp(\(\d+\))? without time zone/, 'timestamp$1'],
  [/^time(\(\d+\))? with time zone/, 'timetz$1'],
  [/^time(\(\d+\))? without time zone/, 'time$1'],
  [/^character varying/, 'varchar'],
  [/^character\b/, 'char'],
  [/^bit varying/, 'varbit'],
  [/^double precision/, 'double'],
];

/** The everyday name of a PostgreSQL type as format_type() gives it: "timestamp with time zone" → "timestamptz". */
export function shortType(type: string): string {
  for (const [pattern, short] of shortNames)
    if (pattern.test(type)) return type.replace(pattern, (_, precision?: string) => short.replace('$1', precision ?? ''));
  return type;
}
