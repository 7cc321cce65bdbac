import type { ColumnProfile, TextFormat } from '../model/column-profile.ts';

/** "500000 of 500000 values are integers, max 2147483648; 3 NULLs": what a column holds, in numbers. */
export function describeValues(profile: ColumnProfile): string {
  const values = profile.rows - profile.nulls;
  if (values === 0) return profile.rows === 0 ? 'the table is empty' : `all ${profile.rows} values are NULL`;
  const classes = storageClasses.map((describe) => describe(profile)).filter(({ count }) => count > 0);
  classes.sort((a, b) => b.count - a.count);
  const parts = classes.map(({ count, name, facts }, index) =>
    [index === 0 ? `${count} of ${values} values are ${name}s` : plural(count, name), ...facts].join(', '),
  );
  return [...parts, ...(profile.nulls === 0 ? [] : [plural(profile.nulls, 'NULL')])].join('; ');
}

interface StorageClass {
  readonly count: number;
  readonly name: string;
  readonly facts: readonly string[];
}

const storageClasses: readonly ((profile: ColumnProfile) => StorageClass)[] = [
  (profile) => ({ count: profile.integers, name: 'integer', facts: integerFacts(profile) }),
  (profile) => ({ count: profile.reals, name: 'real', facts: realFacts(profile) }),
  (profile) => ({ count: profile.booleans, name: 'boolean', facts: [] }),
  (profile) => ({ count: profile.texts, name: 'text', facts: textFacts(profile) }),
  (profile) => ({ count: profile.blobs, name: 'blob', facts: blobFacts(profile) }),
];

function integerFacts({ integerMin, integerMax }: ColumnProfile): string[] {
  return [...(integerMin !== null && integerMin < 0n ? [`min ${integerMin}`] : []), ...(integerMax === null ? [] : [`max ${integerMax}`])];
}

function realFacts(profile: ColumnProfile): string[] {
  const range = profile.realMin === null || profile.realMax === null ? [] : [`from ${profile.realMin} to ${profile.realMax}`];
  const scale = profile.realFractional === 0 ? 'without a fraction' : `at most ${plural(profile.maxScale, 'decimal place')}`;
  return [...range, scale, ...counted(profile.realNonFinite, 'infinite')];
}

function textFacts(profile: ColumnProfile): string[] {
  const found = Object.entries(formatWords).flatMap(([format, words]) => counted(profile.formats[format as TextFormat] ?? 0, words));
  return [
    `longest ${plural(profile.textMaxChars, 'character')}`,
    ...found,
    ...nullTokenFacts(profile),
    ...counted(profile.textEmpty, 'empty'),
    ...counted(profile.textWithNul, 'with a NUL character'),
    ...counted(profile.textInvalid, 'with invalid encoding'),
  ];
}

function nullTokenFacts({ nullTokens = {} }: ColumnProfile): string[] {
  const tokens = Object.entries(nullTokens);
  const total = tokens.reduce((sum, [, count]) => sum + count, 0);
  return total === 0 ? [] : [`${total} that may stand for NULL (${tokens.map(([token]) => token).join(' ')})`];
}

const formatWords: Readonly<Partial<Record<TextFormat, string>>> = {
  uuid: 'UUIDs',
  decimal: 'plain numbers',
  boolean: 'true or false',
  'decimal-comma': 'numbers with a decimal comma',
  'grouped-comma': 'numbers with commas between groups of digits',
  'date-dmy': 'days as day/month/year',
  'date-mdy': 'days as month/day/year',
  date: 'dates',
  time: 'times of day',
  timestamp: 'date-times without a zone (read as UTC unless the plan says otherwise)',
  timestamptz: 'date-times with a zone',
  'json-object': 'JSON objects',
  'json-array': 'JSON arrays',
};

function blobFacts({ blobMinBytes, blobMaxBytes }: ColumnProfile): string[] {
  return [blobMinBytes === blobMaxBytes ? `each of ${plural(blobMaxBytes, 'byte')}` : `of ${blobMinBytes} to ${blobMaxBytes} bytes`];
}

function counted(count: number, words: string): string[] {
  return count === 0 ? [] : [`${count} ${words}`];
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
