import { quoteLiteral } from '../sql/quote.ts';

/**
 * PostgreSQL's expression for a SQLite default that calls a function, in a column of the given type; null when there is no safe one.
 * SQLite's clock is UTC and counts whole seconds. https://www.sqlite.org/lang_datefunc.html
 */
export function translateDefaultFunction(expression: string, type: string): string | null {
  const call = normalise(expression);
  const rule = rules.find(({ calls }) => calls.includes(call));
  if (rule !== undefined) return rule.sql[type === 'varchar' ? 'text' : type] ?? null;
  const [, lower, hex, bytes] = /^(lower\()?(hex\()?randomblob\((\d{1,2})\)+$/.exec(call) ?? [];
  if (bytes !== undefined) return randomBytes(Number(bytes), hex === undefined ? 'bytes' : lower === undefined ? 'upper' : 'lower', type);
  const format = /^strftime\('([^']*)','now'\)$/.exec(call)?.[1];
  return format === undefined ? null : strftime(format, type);
}

interface FunctionRule {
  /** Lower case, without blanks outside quotes. */
  readonly calls: readonly string[];
  /** Expression by PostgreSQL type. */
  readonly sql: Readonly<Record<string, string>>;
}

const utc = "(now() AT TIME ZONE 'UTC')";
const seconds = 'floor(extract(epoch FROM now()))::bigint';
const moment = { timestamptz: 'now()', timestamp: utc };

const rules: readonly FunctionRule[] = [
  {
    calls: ['current_timestamp', "datetime('now')", 'datetime()', "datetime('now','utc')", 'datetime(current_timestamp)'],
    sql: { ...moment, date: `${utc}::date`, text: `to_char(${utc}, 'YYYY-MM-DD HH24:MI:SS')` },
  },
  { calls: ["datetime('now','localtime')", "datetime(current_timestamp,'localtime')"], sql: { timestamptz: 'now()' } },
  {
    calls: ['current_date', "date('now')", 'date()'],
    sql: {
      date: `${utc}::date`,
      timestamptz: "date_trunc('day', now(), 'UTC')",
      timestamp: `date_trunc('day', ${utc})`,
      text: `to_char(${utc}, 'YYYY-MM-DD')`,
    },
  },
  { calls: ['current_time', "time('now')", 'time()'], sql: { time: `${utc}::time(0)`, text: `to_char(${utc}, 'HH24:MI:SS')` } },
  {
    calls: [
      'unixepoch()',
      "unixepoch('now')",
      "strftime('%s','now')",
      "cast(strftime('%s','now')asinteger)",
      "cast(strftime('%s','now')asint)",
      'cast(unixepoch()asinteger)',
    ],
    sql: { ...moment, bigint: seconds, 'double precision': seconds, numeric: seconds, text: `(${seconds})::text` },
  },
  {
    calls: [
      'unixepoch()*1000',
      "unixepoch('now')*1000",
      "strftime('%s','now')*1000",
      "cast(strftime('%s','now')asinteger)*1000",
      "(strftime('%s','now'))*1000",
      '(unixepoch())*1000',
    ],
    sql: { ...moment, bigint: `${seconds} * 1000`, 'double precision': `${seconds} * 1000`, numeric: `${seconds} * 1000` },
  },
  { calls: ["julianday('now')", 'julianday()'], sql: { ...moment, 'double precision': 'extract(epoch FROM now()) / 86400.0 + 2440587.5' } },
  // 16 random bytes as an id are what a UUID without hyphens is.
  { calls: ['lower(hex(randomblob(16)))'], sql: { text: "replace(gen_random_uuid()::text, '-', '')", uuid: 'gen_random_uuid()' } },
  { calls: ['hex(randomblob(16))'], sql: { text: "upper(replace(gen_random_uuid()::text, '-', ''))", uuid: 'gen_random_uuid()' } },
];

/** Most bytes that a default is written for: each six take a UUID. */
const mostBytes = 32;

/** A random UUID has 122 random bits; its first twelve digits hold none of the six that are fixed. pgcrypto, which is not everywhere, is not needed. */
function randomBytes(count: number, form: 'bytes' | 'upper' | 'lower', type: string): string | null {
  const fits = form === 'bytes' ? type === 'bytea' : type === 'text' || type === 'varchar';
  if (!fits || count < 1 || count > mostBytes) return null;
  const pieces = Array.from({ length: Math.ceil(count / 6) }, (_, i) => {
    const digits = Math.min(12, 2 * count - 12 * i);
    return `left(replace(gen_random_uuid()::text, '-', ''), ${digits})`;
  });
  const digits = pieces.join(' || ');
  return form === 'bytes' ? `decode(${digits}, 'hex')` : form === 'upper' ? `upper(${digits})` : digits;
}

/** Lower case and without blanks, except between quotes. */
function normalise(expression: string): string {
  return expression
    .split(/('[^']*')/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/\s+/g, '').toLowerCase()))
    .join('');
}

const fields: Readonly<Record<string, string>> = {
  Y: 'YYYY',
  m: 'MM',
  d: 'DD',
  H: 'HH24',
  M: 'MI',
  S: 'SS',
  f: 'SS.MS',
  F: 'YYYY-MM-DD',
  T: 'HH24:MI:SS',
  R: 'HH24:MI',
  j: 'DDD',
};

/** `%Y-%m-%dT%H:%M:%fZ` → to_char with the same picture; a whole date in a date-time column is the current time. */
function strftime(format: string, type: string): string | null {
  if (type === 'timestamptz' || type === 'timestamp') return /^%Y-%m-%d[ T]%H:%M(?::%[Sf])?Z?$/.test(format) ? moment[type] : null;
  if (type !== 'text' && type !== 'varchar') return null;
  const parts = format.match(/%.|[^%]+/g) ?? [];
  const pictures = parts.map((part) => (part.startsWith('%') ? fields[part.slice(1)] : plainPart(part)));
  return pictures.includes(undefined) ? null : `to_char(${utc}, ${quoteLiteral(pictures.join(''))})`;
}

/** Letters would be read as a pattern unless they stand in double quotes. */
function plainPart(text: string): string | undefined {
  if (/["\\]/.test(text)) return undefined;
  return /[a-z]/i.test(text) ? `"${text}"` : text;
}
