import type { Dialect, DialectSettings } from './dialect.ts';
import { fieldForms, RecordScanner } from './record-scanner.ts';

/** A dialect with the reasons for it. */
export interface DetectedDialect {
  readonly dialect: Dialect;
  /** Fields of most records. */
  readonly width: number;
  /** Share of the records that have `width` fields and no fault. */
  readonly share: number;
  /** Records that were looked at. */
  readonly records: number;
  /** Delimiters that fit just as well. */
  readonly rivals: readonly string[];
}

/** Of two that fit alike the first is taken: a comma is the most likely one to stand inside values. */
const delimiters = ['\t', '|', ';', ',', '\x1f', '\x01', '^', '~'] as const;

/** Detects what `settings` leaves open from the first bytes of a file, which hold only whole records when they are the `whole` file. */
export function detectDialect(head: Uint8Array, whole: boolean, settings: DialectSettings): DetectedDialect {
  const skipLines = settings.skipLines ?? leadingComments(head);
  const base = {
    encoding: settings.encoding ?? 'utf-8',
    header: settings.header ?? true,
    comment: settings.comment ?? null,
    skipLines,
  } as const;
  const fitsWith = (quote: string | null): readonly Fit[] =>
    (settings.lineEnds === undefined ? lineEndsOf(head) : [settings.lineEnds]).flatMap((lineEnds) =>
      (settings.delimiter === undefined ? delimiters : [settings.delimiter]).flatMap((delimiter) =>
        (settings.escape === undefined ? [quote ?? '"', '\\'] : [settings.escape]).map((escape) =>
          tryDialect(head, whole, { ...base, delimiter, lineEnds, quote, escape }),
        ),
      ),
    );
  const fits = fitsWith(settings.quote === undefined ? '"' : settings.quote);
  const usual = bestOf(fits);
  // Apostrophes begin words, so they are quotes only where fields stand between them and none between double quotes.
  const single = settings.quote === undefined && usual.quoted === 0 ? bestOf(fitsWith("'")) : usual;
  const best = single.quoted > 0 && !isBetter(usual, single) ? single : usual;
  const alike = fits.filter((fit) => !isBetter(best, fit) && fit.width > 1);
  const rivals = new Set(alike.map(({ dialect }) => dialect.delimiter).filter((delimiter) => delimiter !== best.dialect.delimiter));
  return { ...best, share: best.records === 0 ? 0 : best.good / best.records, rivals: [...rivals] };
}

interface Fit {
  readonly dialect: Dialect;
  readonly width: number;
  readonly records: number;
  readonly good: number;
  /** Fields in quotes. */
  readonly quoted: number;
  /** Bytes of whole records. */
  readonly read: number;
}

function bestOf(fits: readonly Fit[]): Fit {
  return fits.reduce((a, b) => (isBetter(b, a) ? b : a));
}

/** More columns are no reason; fewer odd records are. */
function isBetter(a: Fit, b: Fit): boolean {
  if (splits(a) !== splits(b)) return splits(a);
  // A quote that is never closed leaves the rest unread.
  if (a.read < b.read / 2 || b.read < a.read / 2) return a.read > b.read;
  return oddShare(a) < oddShare(b);
}

/** At least half of the records have the same number of fields, and more than one. */
function splits({ width, good, records }: Fit): boolean {
  return width > 1 && good * 2 >= records;
}

function oddShare({ good, records }: Fit): number {
  return records === 0 ? 1 : (records - good) / records;
}

function lineEndsOf(head: Uint8Array): readonly Dialect['lineEnds'][] {
  let lf = 0;
  let loneCr = 0;
  for (let at = 0; at < head.length; at++) {
    if (head[at] === 10) lf++;
    else if (head[at] === 13 && head[at + 1] !== 10) loneCr++;
  }
  if (lf === 0) return loneCr > 0 ? ['cr'] : ['lf'];
  return loneCr === 0 ? ['lf'] : ['lf', 'any'];
}

/** Lines at the beginning that start with #. The last of them is the header where it has no blank behind its # and as many fields as what follows. */
function leadingComments(head: Uint8Array): number {
  const lines = Buffer.from(head.subarray(0, 65_536))
    .toString('latin1')
    .split(/\r\n|\n|\r/);
  const count = lines.findIndex((line) => !line.startsWith('#'));
  // In a file of nothing else they are rows.
  if (count <= 0 || lines.slice(count).every((line) => line === '')) return 0;
  const fields = (line: string | undefined): string => delimiters.map((delimiter) => (line ?? '').split(delimiter).length).join();
  const last = lines[count - 1] ?? '';
  const isHeader = /^#\S/.test(last) && fields(last) === fields(lines[count]) && fields(last) !== fields('');
  return isHeader ? count - 1 : count;
}

function tryDialect(head: Uint8Array, whole: boolean, dialect: Dialect): Fit {
  const scanner = new RecordScanner(dialect);
  const widths = new Map<number, number>();
  let records = 0;
  let quoted = 0;
  let read = 0;
  let at = 0;
  for (let line = 0; line < dialect.skipLines && scanner.scanLine(head, at, whole); line++) at = scanner.end;
  while (at < head.length && scanner.scan(head, at, whole)) {
    const comment = scanner.isComment(head, at);
    if (comment && !scanner.scanLine(head, at, whole)) break;
    // What an open quote takes has not been read.
    if (scanner.fault !== 'open-quote') read = scanner.end;
    at = scanner.end;
    if (comment || scanner.blank) continue;
    records++;
    if (scanner.fault === null) widths.set(scanner.fields, (widths.get(scanner.fields) ?? 0) + 1);
    for (let i = 0; i < scanner.fields; i++) if (scanner.forms[i] !== fieldForms.plain) quoted++;
  }
  const [width, good] = [...widths].reduce(
    (most, one) => (one[1] > most[1] || (one[1] === most[1] && one[0] > most[0]) ? one : most),
    [1, 0],
  );
  return { dialect, width, records, good, quoted, read };
}
