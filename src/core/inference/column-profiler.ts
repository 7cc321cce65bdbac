import type { ColumnProfile } from '../model/column-profile.ts';
import { InvalidText, type SourceValue, type UnreadableRecord } from '../model/source-value.ts';
import { shortestScale } from './shortest-scale.ts';
import { countLength, TextFormats } from './text-formats.ts';
import { VectorSurvey } from './vector-survey.ts';

/** Values looked at for samples; five different ones turn up early or hardly ever. */
const valuesForSamples = 200;

/** One quick look at each text; only the few that match are measured character by character. */
const notPlainAscii = /[\0\u0080-\uffff]/;

/** Takes every value of one column and tells what they look like. Reals' minimum and maximum are of the finite ones. */
export class ColumnProfiler {
  readonly #column: string;
  readonly #formats: TextFormats;
  readonly #float32Blobs: Record<string, number> = {};
  readonly #float64Blobs: Record<string, number> = {};
  readonly #vectors = new VectorSurvey();
  readonly #samples = new Set<string>();
  #seen = 0;
  #nulls = 0;
  #integers = 0;
  #reals = 0;
  #texts = 0;
  #blobs = 0;
  #booleans = 0;
  #zeroOrOne = 0;
  #integerMin: bigint | null = null;
  #integerMax: bigint | null = null;
  #realMin: number | null = null;
  #realMax: number | null = null;
  #realNonFinite = 0;
  #realFractional = 0;
  #realScale = 0;
  #textMaxChars = 0;
  #textMaxBytes = 0;
  #textEmpty = 0;
  #textWithNul = 0;
  #textInvalid = 0;
  #blobMinBytes = Infinity;
  #blobMaxBytes = 0;

  constructor(column: string, expectedRows: number) {
    this.#column = column;
    this.#formats = new TextFormats(expectedRows, (norm) => this.#vectors.addText(norm));
  }

  add(value: Exclude<SourceValue, UnreadableRecord>): void {
    if (value === null) {
      this.#nulls++;
      return;
    }
    if (this.#seen < valuesForSamples) this.#sample(value);
    switch (typeof value) {
      case 'string':
        return this.#addText(value);
      case 'bigint':
        return this.#addInteger(value);
      case 'number':
        return this.#addReal(value);
      case 'boolean':
        this.#booleans++;
        return;
      default:
        return value instanceof InvalidText ? this.#addInvalidText(value) : this.#addBlob(value);
    }
  }

  finish(): ColumnProfile {
    const { nullTokens } = this.#formats;
    const vectors = this.#vectors.readings();
    return {
      column: this.#column,
      rows: this.#nulls + this.#integers + this.#reals + this.#texts + this.#blobs + this.#booleans,
      nulls: this.#nulls,
      integers: this.#integers,
      reals: this.#reals,
      texts: this.#texts,
      blobs: this.#blobs,
      booleans: this.#booleans,
      zeroOrOne: this.#zeroOrOne,
      integerMin: this.#integerMin,
      integerMax: this.#integerMax,
      realMin: this.#realMin,
      realMax: this.#realMax,
      realNonFinite: this.#realNonFinite,
      realFractional: this.#realFractional,
      maxScale: Math.max(this.#realScale, this.#formats.maxScale),
      textMaxChars: this.#textMaxChars,
      textMaxBytes: this.#textMaxBytes,
      textEmpty: this.#textEmpty,
      textWithNul: this.#textWithNul,
      textInvalid: this.#textInvalid,
      formats: this.#formats.counts(),
      blobMinBytes: this.#blobs === 0 ? 0 : this.#blobMinBytes,
      blobMaxBytes: this.#blobMaxBytes,
      float32Blobs: this.#float32Blobs,
      vectorTexts: this.#formats.vectorLengths,
      ...(Object.keys(this.#float64Blobs).length > 0 && { float64Blobs: this.#float64Blobs }),
      ...(vectors !== null && { vectors }),
      ...(Object.keys(nullTokens).length > 0 && { nullTokens }),
      samples: [...this.#samples],
    };
  }

  #addInteger(value: bigint): void {
    this.#integers++;
    if (value === 0n || value === 1n) this.#zeroOrOne++;
    if (this.#integerMin === null || this.#integerMax === null) this.#integerMin = this.#integerMax = value;
    else if (value > this.#integerMax) this.#integerMax = value;
    else if (value < this.#integerMin) this.#integerMin = value;
  }

  #addReal(value: number): void {
    this.#reals++;
    if (!Number.isFinite(value)) {
      this.#realNonFinite++;
      return;
    }
    if (this.#realMin === null || value < this.#realMin) this.#realMin = value;
    if (this.#realMax === null || value > this.#realMax) this.#realMax = value;
    if (Math.floor(value) === value) return;
    this.#realFractional++;
    if (this.#realScale < 17) this.#realScale = shortestScale(value, this.#realScale);
  }

  #addText(value: string): void {
    this.#texts++;
    const { length } = value;
    if (length === 0) {
      this.#textEmpty++;
      return;
    }
    if (notPlainAscii.test(value)) this.#measure(value);
    else {
      if (length > this.#textMaxChars) this.#textMaxChars = length;
      if (length > this.#textMaxBytes) this.#textMaxBytes = length;
    }
    this.#formats.add(value);
  }

  #measure(value: string): void {
    if (value.length > this.#textMaxChars) this.#textMaxChars = Math.max(this.#textMaxChars, countCharacters(value));
    if (value.length * 3 > this.#textMaxBytes) this.#textMaxBytes = Math.max(this.#textMaxBytes, Buffer.byteLength(value));
    if (value.includes('\0')) this.#textWithNul++;
  }

  #addInvalidText({ bytes }: InvalidText): void {
    this.#texts++;
    this.#textInvalid++;
    this.#textMaxBytes = Math.max(this.#textMaxBytes, bytes.byteLength);
    this.#textMaxChars = Math.max(this.#textMaxChars, bytes.byteLength);
    this.#formats.add(null);
  }

  #addBlob(value: Uint8Array): void {
    const { byteLength } = value;
    this.#blobs++;
    if (byteLength < this.#blobMinBytes) this.#blobMinBytes = byteLength;
    if (byteLength > this.#blobMaxBytes) this.#blobMaxBytes = byteLength;
    const { single, double } = this.#vectors.addBlob(value);
    if (single?.sane === true) countLength(this.#float32Blobs, single.elements);
    if (double?.sane === true) countLength(this.#float64Blobs, double.elements);
  }

  #sample(value: Exclude<SourceValue, UnreadableRecord>): void {
    this.#seen++;
    if (this.#samples.size < 5) this.#samples.add(shortText(value));
  }
}

/** Characters as PostgreSQL counts them: a pair of surrogates is one. */
function countCharacters(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdbff) count--;
  }
  return count;
}

function shortText(value: Exclude<SourceValue, UnreadableRecord>): string {
  if (value instanceof InvalidText) return `invalid text ${shortBytes(value.bytes)}`;
  if (value instanceof Uint8Array) return shortBytes(value);
  const text = String(value);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

function shortBytes(bytes: Uint8Array): string {
  return `x'${Buffer.from(bytes.subarray(0, 16)).toString('hex')}${bytes.byteLength > 16 ? '…' : ''}'`;
}
