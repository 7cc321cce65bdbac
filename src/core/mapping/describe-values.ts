import type { ColumnProfile } from '../model/column-profile.ts';

/** "500000 of 500000 values are integers, max 2147483648; 3 nulls": what a column holds, in numbers. */
export function describeValues(profile: ColumnProfile): string {
  const values = profile.rows - profile.nulls;
  if (values === 0) return profile.rows === 0 ? 'the table is empty' : `all ${profile.rows} values are NULL`;
  const parts = storageClasses(profile).map(([count, name], index) => (index === 0 ? `${count} of ${values} values are ${name}` : `${count} ${name}`));
  return [...parts, ...facts(profile)].join(', ') + (profile.nulls === 0 ? '' : `; ${plural(profile.nulls, 'NULL')}`);
}

function storageClasses(profile: ColumnProfile): readonly (readonly [number, string])[] {
  const classes: readonly (readonly [number, string])[] = [
    [profile.integers, 'integers'],
    [profile.reals, 'reals'],
    [profile.booleans, 'booleans'],
    [profile.texts, 'texts'],
    [profile.blobs, 'blobs'],
  ];
  return classes.filter(([count]) => count > 0).sort((a, b) => b[0] - a[0]);
}

function facts(profile: ColumnProfile): string[] {
  const list: string[] = [];
  if (profile.integerMin !== null && profile.integerMin < 0n) list.push(`min ${profile.integerMin}`);
  if (profile.integerMax !== null) list.push(`max ${profile.integerMax}`);
  if (profile.reals > 0) list.push(`reals from ${profile.realMin} to ${profile.realMax}`);
  if (profile.realNonFinite > 0) list.push(`${profile.realNonFinite} infinite`);
  if (profile.texts > 0) list.push(`longest text ${plural(profile.textMaxChars, 'character')}`);
  if (profile.textEmpty > 0) list.push(plural(profile.textEmpty, 'empty text'));
  if (profile.textWithNul > 0) list.push(`${plural(profile.textWithNul, 'text')} with a NUL character`);
  if (profile.textInvalid > 0) list.push(`${plural(profile.textInvalid, 'text')} with invalid encoding`);
  if (profile.blobs > 0) list.push(profile.blobMinBytes === profile.blobMaxBytes ? `blobs of ${profile.blobMaxBytes} bytes` : `blobs of ${profile.blobMinBytes} to ${profile.blobMaxBytes} bytes`);
  return list;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
