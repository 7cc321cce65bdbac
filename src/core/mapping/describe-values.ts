import type { ColumnProfile, TextFormat } from '../model/column-profile.ts';
import { plural } from '../model/plural.ts';

/** "500000 of 500000 values are integers, max 2147483648; 3 NULLs": what a column holds, in numbers. */
export function describeValues(profile: ColumnProfile): string {
  const values = profile.rows - profile.nulls;
  if (values === 0)
    return profile.rows === 0
      ? 'the table is empty'
      : profile.rows === 1
        ? 'the only value is NULL'
        : `all ${profile.rows} values are NULL`;
  const classes = storageClasses.map((describe) => describe(profile)).filter(({ count }) => count > 0);
  classes.sort((a, b) => b.count - a.count);
  const parts = classes.map(({ count, name, facts }, index) =>
    [index === 0 ? mostOf(count, values, name) : plural(count, name), ...facts].join(', '),
  );
  return [...parts, ...(profile.nulls === 0 ? [] : [plural(profile.nulls, 'NULL')])].join('; ');
}

/** "1 of 1 value is an integer", "2 of 3 values are integers". */
function mostOf(count: number, values: number, name: string): string {
  const are = count === 1 ? `is ${name === 'integer' ? 'an' : 'a'} ${name}` : `are ${name}s`;
  return `${count} of ${plural(values, 'value')} ${are}`;
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
  const found = Object.entries(formatWords).flatMap(([format, words]) => counted(profile.formats[format as TextFormat] ?? 0, ...words));
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

const formatWords: Readonly<Partial<Record<TextFormat, readonly [string, string]>>> = {
  uuid: ['UUID', 'UUIDs'],
  decimal: ['plain number', 'plain numbers'],
  boolean: ['true or false', 'true or false'],
  'decimal-comma': ['number with a decimal comma', 'numbers with a decimal comma'],
  'grouped-comma': ['number with commas between groups of digits', 'numbers with commas between groups of digits'],
  'date-dmy': ['day as day/month/year', 'days as day/month/year'],
  'date-mdy': ['day as month/day/year', 'days as month/day/year'],
  date: ['date', 'dates'],
  time: ['time of day', 'times of day'],
  timestamp: [
    'date-time without a zone (read as UTC unless the plan says otherwise)',
    'date-times without a zone (read as UTC unless the plan says otherwise)',
  ],
  timestamptz: ['date-time with a zone', 'date-times with a zone'],
  'json-object': ['JSON object', 'JSON objects'],
  'json-array': ['JSON array', 'JSON arrays'],
};

function blobFacts({ blobMinBytes, blobMaxBytes }: ColumnProfile): string[] {
  return [blobMinBytes === blobMaxBytes ? `each of ${plural(blobMaxBytes, 'byte')}` : `of ${blobMinBytes} to ${blobMaxBytes} bytes`];
}

function counted(count: number, one: string, many = one): string[] {
  return count === 0 ? [] : [plural(count, one, many)];
}
