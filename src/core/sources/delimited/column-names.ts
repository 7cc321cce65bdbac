/** Names of columns from the fields of a header: an empty one is called after its place, a name that is taken gets a number. */
export function columnNames(fields: readonly string[]): readonly string[] {
  const taken = new Set(fields);
  const used = new Set<string>();
  return fields.map((field, i) => {
    const wanted = field === '' ? `column_${i + 1}` : field;
    if (field !== '' && !used.has(field)) return add(used, field);
    if (field === '' && !taken.has(wanted) && !used.has(wanted)) return add(used, wanted);
    let n = 2;
    while (taken.has(`${wanted}_${n}`) || used.has(`${wanted}_${n}`)) n++;
    return add(used, `${wanted}_${n}`);
  });
}

/** Sentences about the names that were changed. */
export function describeRenamed(fields: readonly string[], names: readonly string[]): readonly string[] {
  return names.flatMap((name, i) => {
    const field = fields[i] ?? '';
    if (name === field) return [];
    return [
      `Column ${i + 1} is called ${name}, because ${field === '' ? 'the header has no name there' : `${field} is the name of a column before it`}.`,
    ];
  });
}

function add(used: Set<string>, name: string): string {
  used.add(name);
  return name;
}
