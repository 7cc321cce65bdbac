import type { TextFormat } from '../model/column-profile.ts';
import { dayMonthFormats, isCommaNumber, isGroupedNumber } from './written-formats.ts';
import { decimalPlaces, fitsInt64, isBoolean, isUuid, temporalFormat } from './detectors.ts';
import { jsonFormat } from './json-format.ts';

/** Formats that may share a column; one of them is tested for as long as the family as a whole may still hold 99 % of the values. */
type Family = 'uuid' | 'number' | 'boolean' | 'temporal' | 'json';

const formatsOf: Readonly<Record<Family, readonly TextFormat[]>> = {
  uuid: ['uuid'],
  number: ['integer', 'decimal', 'decimal-comma', 'grouped-comma'],
  boolean: ['boolean'],
  temporal: ['date', 'time', 'timestamp', 'timestamptz', 'date-dmy', 'date-mdy'],
  json: ['json-object', 'json-array', 'vector'],
};

/** What programs write where there is no value; never taken for NULL without the plan saying so. */
const nullWords: ReadonlySet<string> = new Set('NA N/A n/a na NULL null Null None none nil NaN nan \\N - -- ? #N/A'.split(' '));
const longestToken = 4;

/** More different lengths than this are not vectors of one model; the rest is not counted. */
const mostLengths = 1_000;

/**
 * Counts, over the non-empty texts of one column, how many qualify for each format. Counts are exact for the formats that are reported;
 * a family is dropped once more than 1 % of the rows that the table has contradict it, since nothing may follow from it any more.
 * `integer` (64 bits) also counts as `decimal`, `vector` also as `json-array`; date, time, timestamp and timestamptz exclude one another.
 */
export class TextFormats {
  maxScale = 0;
  readonly vectorLengths: Record<string, number> = {};
  readonly nullTokens: Record<string, number> = {};
  readonly #tolerance: number;
  readonly #onVector: (norm: number) => void;
  #alive: Family[] = ['temporal', 'uuid', 'number', 'boolean', 'json'];
  readonly #contradictions: Record<Family, number> = { uuid: 0, number: 0, boolean: 0, temporal: 0, json: 0 };
  readonly #counts: Record<TextFormat, number> = {
    uuid: 0,
    integer: 0,
    decimal: 0,
    boolean: 0,
    date: 0,
    time: 0,
    timestamp: 0,
    timestamptz: 0,
    'json-object': 0,
    'json-array': 0,
    vector: 0,
    'decimal-comma': 0,
    'grouped-comma': 0,
    'date-dmy': 0,
    'date-mdy': 0,
  };

  /**
   * `expectedRows`: rows that will be read, so that a bad beginning does not drop what the rest makes good. `onVector` is told the norm of each array of
   * numbers.
   */
  constructor(expectedRows: number, onVector: (norm: number) => void) {
    this.#onVector = onVector;
    this.#tolerance = Math.max(1, expectedRows / 100);
  }

  /** `text` is not empty; null stands for a text that is not valid and so qualifies for nothing. */
  add(text: string | null): void {
    if (text !== null && text.length <= longestToken && nullWords.has(text)) {
      this.nullTokens[text] = (this.nullTokens[text] ?? 0) + 1;
      return;
    }
    // Indexed, because a family may leave while the list is walked.
    for (let i = this.#alive.length - 1; i >= 0; i--) {
      const family = this.#alive[i]!;
      if (text !== null && this.#count(family, text)) continue;
      if (++this.#contradictions[family] > this.#tolerance) this.#alive = this.#alive.filter((other) => other !== family);
    }
  }

  /** Formats that were not dropped and that at least one value has. */
  counts(): Partial<Record<TextFormat, number>> {
    const alive = this.#alive.flatMap((family) => formatsOf[family]);
    return Object.fromEntries(alive.filter((format) => this.#counts[format] > 0).map((format) => [format, this.#counts[format]]));
  }

  #count(family: Family, text: string): boolean {
    switch (family) {
      case 'uuid':
        return isUuid(text) && this.#found('uuid');
      case 'number':
        return this.#countNumber(text);
      case 'boolean':
        return isBoolean(text) && this.#found('boolean');
      case 'temporal': {
        const format = temporalFormat(text);
        return format === null ? this.#countDayMonth(text) : this.#found(format);
      }
      case 'json':
        return this.#countJson(text);
    }
  }

  #countNumber(text: string): boolean {
    const places = decimalPlaces(text);
    if (places === -1) return this.#countCommas(text);
    if (places > this.maxScale) this.maxScale = Math.min(places, 17);
    if (places === 0 && fitsInt64(text)) this.#counts.integer++;
    return this.#found('decimal');
  }

  /** 1,234 is both. */
  #countCommas(text: string): boolean {
    const comma = isCommaNumber(text);
    const grouped = isGroupedNumber(text);
    if (comma) this.#counts['decimal-comma']++;
    if (grouped) this.#counts['grouped-comma']++;
    return comma || grouped;
  }

  /** 03/04/2024 is both. */
  #countDayMonth(text: string): boolean {
    const { dmy, mdy } = dayMonthFormats(text);
    if (dmy) this.#counts['date-dmy']++;
    if (mdy) this.#counts['date-mdy']++;
    return dmy || mdy;
  }

  #countJson(text: string): boolean {
    const format = jsonFormat(text);
    if (format === null) return false;
    if (format.kind === 'object') return this.#found('json-object');
    if (format.kind === 'vector') {
      this.#counts.vector++;
      countLength(this.vectorLengths, format.length);
      this.#onVector(format.norm);
    }
    return this.#found('json-array');
  }

  #found(format: TextFormat): true {
    this.#counts[format]++;
    return true;
  }
}

/** One more of `length`. */
export function countLength(counts: Record<string, number>, length: number): void {
  const before = counts[length];
  if (before !== undefined) counts[length] = before + 1;
  else if (Object.keys(counts).length < mostLengths) counts[length] = 1;
}
