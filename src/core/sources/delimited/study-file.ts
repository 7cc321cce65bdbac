import { readSync } from 'node:fs';
import { MigrationError } from '../../errors.ts';
import { visibleText } from '../shared/source-cell.ts';
import { columnNames, describeRenamed } from './column-names.ts';
import { describeDialect } from './describe-dialect.ts';
import { detectDialect, type DetectedDialect } from './detect-dialect.ts';
import { detectHeader } from './detect-header.ts';
import type { Dialect, DialectSettings } from './dialect.ts';
import { FieldText } from './field-text.ts';
import { RecordReader, type OpenFile, type Place } from './record-reader.ts';
import { surveyRecords, type Survey } from './survey-records.ts';

export interface FileStudy {
  readonly dialect: Dialect;
  readonly columns: readonly string[];
  readonly survey: Survey;
  /** Whether the first record holds names is beyond doubt, or was decided. */
  readonly headerProved: boolean;
  /** How the file is written, with the evidence, for people. */
  readonly described: readonly string[];
  /** Names that the header has otherwise. */
  readonly renamed: readonly string[];
}

export interface StudyOptions {
  readonly settings: DialectSettings;
  readonly signal: AbortSignal;
  /** Bytes of the byte order mark in the file that is read. */
  readonly mark: number;
  /** Encoding that the first bytes tell. */
  readonly found: Dialect['encoding'] | null;
}

/** Bytes that the dialect is detected from. */
const headBytes = 2 ** 20;

/** Finds the dialect from the head of the file and checks it against every record. */
export async function studyFile(file: OpenFile, options: StudyOptions): Promise<FileStudy> {
  const { settings } = options;
  const head = readHead(file, options.mark);
  const detected = detectDialect(head, options.mark + head.length >= file.size, settings);
  const { outline, survey } = await surveyBest(file, detected, options);
  const encoding = settings.encoding ?? options.found ?? encodingOf(survey);
  const dialect = { ...outline.dialect, encoding };
  const fields = outline.readHeader(dialect);
  const columns = columnNames(fields ?? Array.from({ length: outline.width }, () => ''));
  return {
    dialect,
    columns,
    survey,
    headerProved: outline.proved,
    described: describeDialect({ dialect, detected, survey, width: outline.width, settings, header: outline.reason, found: options.found }),
    renamed: fields === null ? [] : describeRenamed(fields, columns),
  };
}

interface Surveyed {
  readonly outline: Outline;
  readonly survey: Survey;
}

/** A backslash before a quote may come late in a file: where records are odd, the other way to escape is tried as well. */
async function surveyBest(file: OpenFile, { dialect, width }: DetectedDialect, options: StudyOptions): Promise<Surveyed> {
  const attempt = async (escape: string): Promise<Surveyed> => {
    const outline = outlineOf(file, { ...dialect, escape }, width, options);
    return { outline, survey: await surveyRecords(file, outline.dialect, outline.width, outline.start, options.signal) };
  };
  const first = await attempt(dialect.escape).catch(unlessUnreadable);
  const odd = first instanceof MigrationError ? 1 : first.survey.unreadable;
  if (odd > 0 && options.settings.escape === undefined && dialect.quote !== null) {
    const other = await attempt(dialect.escape === '\\' ? dialect.quote : '\\').catch(unlessUnreadable);
    if (!(other instanceof MigrationError) && other.survey.unreadable < odd) return other;
  }
  if (first instanceof MigrationError) throw first;
  return first;
}

function unlessUnreadable(error: unknown): MigrationError {
  if (error instanceof MigrationError && error.code === 'unreadable-records') return error;
  throw error;
}

/** Valid UTF-8 is hardly ever anything else; a few broken texts among good ones do not change that. */
function encodingOf({ utf8, notUtf8 }: Survey): Dialect['encoding'] {
  return notUtf8 === 0 || utf8 * 4 >= notUtf8 ? 'utf-8' : 'windows-1252';
}

interface Outline {
  readonly dialect: Dialect;
  readonly width: number;
  /** Where the rows begin. */
  readonly start: Place;
  readonly reason: string;
  readonly proved: boolean;
  /** Names as the header has them; null without one. */
  readonly readHeader: (dialect: Dialect) => readonly string[] | null;
}

/** Finds where the rows begin and how many columns they have: as many as the header has names, without one as `usual`, as most records have fields. */
function outlineOf(file: OpenFile, dialect: Dialect, usual: number, { settings, mark }: StudyOptions): Outline {
  let begin: Place = { at: mark, line: 1 };
  if (dialect.skipLines > 0) {
    const lines = new RecordReader(file, { ...dialect, quote: null, comment: null }, begin, true);
    for (let i = 0; i < dialect.skipLines && lines.read(); i++) begin = lines.next;
  }
  const reader = new RecordReader(file, dialect, begin, false);
  const read = (as: Dialect): readonly string[] | null => (reader.read() ? fieldsOf(reader, new FieldText(as)) : null);
  const first = read(dialect);
  const names = reader.scanner.fields;
  const start = reader.next;
  const found = detectHeader(first ?? [], first === null ? null : read(dialect));
  const header = settings.header ?? found.header;
  return {
    dialect: { ...dialect, header },
    width: first === null ? 1 : header ? names : usual,
    start: header ? start : begin,
    reason: settings.header === undefined ? found.reason : 'the plan says whether the first record holds the names',
    proved: settings.header !== undefined || found.proved,
    readHeader: (as) => {
      if (!header) return null;
      const again = new RecordReader(file, as, begin, false);
      return again.read() ? fieldsOf(again, new FieldText(as)) : null;
    },
  };
}

function fieldsOf({ scanner, buffer }: RecordReader, text: FieldText): readonly string[] {
  return Array.from({ length: scanner.fields }, (_, i) => {
    const value = text.read(buffer, scanner.starts[i] ?? 0, scanner.ends[i] ?? 0, scanner.forms[i] ?? 0, !scanner.high);
    return typeof value === 'string' ? value : value === null ? '' : visibleText(Buffer.from(value.bytes));
  });
}

function readHead({ descriptor, size }: OpenFile, from: number): Buffer {
  const head = Buffer.alloc(Math.max(0, Math.min(headBytes, size - from)));
  return head.subarray(0, readSync(descriptor, head, 0, head.length, from));
}
