import { UnreadableRecord, type SourceValue } from './source-value.ts';

/**
 * How values of a column are ordered: numbers by value, times of day and dates as they are written, instants by what they mean in UTC. Values of two
 * kinds have no order.
 */
export type WatermarkKind = 'number' | 'time' | 'instant';

/** A value in the order of its column. Cloneable. */
export interface Watermark {
  readonly kind: WatermarkKind;
  /** The number itself; of times and instants, nanoseconds since 1970. A bigint and a number compare exactly in JavaScript. */
  readonly order: bigint | number;
}

/** What the plan says of the column's values. Cloneable. */
export interface WatermarkRule {
  /** The plan makes numbers of it, so that texts of digits are numbers. */
  readonly digits: boolean;
  /** Texts that mean NULL. */
  readonly nullTexts: readonly string[];
}

/** A column by whose order new rows are found, and the lowest value that is read. Cloneable. */
export interface RowWindow {
  /** In the source. */
  readonly column: string;
  readonly rule: WatermarkRule;
  readonly since: Watermark;
}

/** What a run knows of the column before it reads rows. Cloneable. */
export interface FoundWatermark {
  /** The lowest value that is read, with rows without a value; null = all rows are read. */
  readonly since: Watermark | null;
  /** The highest value that the source has; null = none that is not below `since`. */
  readonly highest: Watermark | null;
  /** Rows that are read; null = not known, in a run that is resumed. */
  readonly rows: number | null;
  /** What the next run must agree with to go on from here: digest of the store's place and of how the rows are read. */
  readonly binding: string;
}

/** `none`: NULL, or a record that cannot be read, which is below nothing. `unordered`: a value that is neither a number nor a time. */
export function watermarkOf(value: SourceValue, { digits, nullTexts }: WatermarkRule): Watermark | 'none' | 'unordered' {
  if (value === null || value instanceof UnreadableRecord) return 'none';
  if (typeof value === 'bigint') return { kind: 'number', order: value };
  // Adding nothing makes 0 of -0.
  if (typeof value === 'number') return Number.isFinite(value) ? { kind: 'number', order: value + 0 } : 'unordered';
  if (typeof value !== 'string') return 'unordered';
  if (nullTexts.includes(value)) return 'none';
  // Longer ones are beyond what every store compares exactly.
  if (digits && /^[+-]?\d{1,18}$/.test(value)) return { kind: 'number', order: BigInt(value) };
  return timeOf(value) ?? 'unordered';
}

/** Negative when `a` comes first. Only for watermarks of one kind. */
export function compareWatermarks(a: Watermark, b: Watermark): number {
  return a.order < b.order ? -1 : a.order > b.order ? 1 : 0;
}

/** Whether a row with this value is read. What cannot be compared is. */
export function isInWindow(value: SourceValue, { rule, since }: Pick<RowWindow, 'rule' | 'since'>): boolean {
  const mark = watermarkOf(value, rule);
  return typeof mark === 'string' || mark.kind !== since.kind || compareWatermarks(mark, since) >= 0;
}

const isoTime = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?(?::\d\d)?)?)?$/;

function timeOf(text: string): Watermark | null {
  const found = isoTime.exec(text);
  if (found === null) return null;
  const [, year, month, day, hours = '0', minutes = '0', seconds = '0', fraction = '', zone] = found;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isDay = date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
  if (!isDay || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  const sinceMidnight = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds) - (zone === undefined ? 0 : offsetOf(zone));
  const order = BigInt(date.getTime() / 1000 + sinceMidnight) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
  return { kind: zone === undefined ? 'time' : 'instant', order };
}

/** Seconds east of UTC. */
function offsetOf(zone: string): number {
  if (zone === 'Z') return 0;
  const [hours, minutes, seconds] = [
    zone.slice(1, 3),
    zone.slice(3).replaceAll(':', '').slice(0, 2),
    zone.slice(3).replaceAll(':', '').slice(2),
  ];
  const size = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return zone.startsWith('-') ? -size : size;
}

/** As it is kept between runs. */
export function writeWatermark({ kind, order }: Watermark): string {
  return `${kind} ${typeof order === 'bigint' ? order : `r${order}`}`;
}

export function readWatermark(text: string): Watermark {
  const [kind, order = ''] = text.split(' ');
  return { kind: kind as WatermarkKind, order: order.startsWith('r') ? Number(order.slice(1)) : BigInt(order) };
}

/** For people: a number, or a time in ISO 8601. */
export function describeWatermark({ kind, order }: Watermark): string {
  if (kind === 'number' || typeof order === 'number') return String(order);
  const second = 1_000_000_000n;
  const rest = ((order % second) + second) % second;
  const whole = new Date(Number((order - rest) / 1_000_000n)).toISOString().slice(0, 19);
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}`;
  return `${whole}${fraction}${kind === 'instant' ? 'Z' : ''}`;
}

/** GLOB of texts that begin like a day. */
export const dayPattern = '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*';

/**
 * A day that is on no later page of the calendar than any text of the same instant or time, whatever its zone: ISO texts of rows to be read are not below
 * it, byte by byte. null for numbers.
 */
export function firstDayOf({ kind, order }: Watermark): string | null {
  if (kind === 'number') return null;
  const day = 86_400_000n;
  const date = new Date(Number(BigInt(order) / 1_000_000n - day));
  return date.getUTCFullYear() < 0 ? '0000-01-01' : date.toISOString().slice(0, 10);
}
