import { plural } from '../../model/plural.ts';
import type { DetectedDialect } from './detect-dialect.ts';
import type { Dialect, DialectSettings } from './dialect.ts';
import type { Survey } from './survey-records.ts';

export interface DialectFacts {
  readonly dialect: Dialect;
  readonly detected: DetectedDialect;
  readonly survey: Survey;
  readonly width: number;
  readonly settings: DialectSettings;
  /** Why the first record is a header, or is none. */
  readonly header: string;
  /** Encoding that the first bytes tell. */
  readonly found: Dialect['encoding'] | null;
}

/** How a file is written and what speaks for that, sentence by sentence. */
export function describeDialect(facts: DialectFacts): readonly string[] {
  const { dialect, survey, width } = facts;
  const fit = survey.rows - survey.unreadable;
  const fitting = `${fit} of ${plural(survey.rows, 'record')} ${fit === 1 ? 'has' : 'have'} ${plural(width, 'field')}`;
  const { detected, settings } = facts;
  const rivals = detected.rivals.map(nameOf).join(', ');
  return [
    `The delimiter is ${nameOf(dialect.delimiter)}${settings.delimiter === undefined ? '' : ', as the plan says'}: ${fitting}.`,
    ...(rivals === '' ? [] : [`The first records fit the delimiter ${rivals} as well; set "delimiter" if that is meant.`]),
    dialect.quote === null
      ? 'Nothing is a quote.'
      : `Fields may stand between ${nameOf(dialect.quote)}, and ${escapeWords(dialect)} stands for one inside.`,
    `Lines end with ${lineEndWords[dialect.lineEnds]}.`,
    `The encoding is ${encodingWords(facts)}.`,
    `On the header: ${facts.header}.`,
    ...(dialect.skipLines === 0
      ? []
      : [`${plural(dialect.skipLines, 'line')} in front of the header ${dialect.skipLines === 1 ? 'is' : 'are'} passed over.`]),
  ];
}

/** What was passed over or is no row in a file; `where`: words that name it. A sentence with "not carried over" becomes a warning of the plan. */
export function describeFaults(survey: Survey, where: string): readonly string[] {
  return [
    ...(survey.skipped === 0
      ? []
      : [
          `${plural(survey.skipped, 'empty line or comment', 'empty lines and comments')}${where} ${survey.skipped === 1 ? 'is' : 'are'} passed over.`,
        ]),
    ...(survey.unreadable === 0
      ? []
      : [
          `has ${plural(survey.unreadable, 'record', 'records')}${where} that ${survey.unreadable === 1 ? 'is' : 'are'} not carried over but kept as rejects: ${survey.examples.join('; ')}`,
        ]),
  ];
}

function encodingWords({ dialect, survey, settings, found }: DialectFacts): string {
  const { encoding } = dialect;
  const name = { 'utf-8': 'UTF-8', 'utf-16le': 'UTF-16LE', 'utf-16be': 'UTF-16BE', 'windows-1252': 'Windows-1252' }[encoding];
  if (settings.encoding !== undefined) return `${name}, as the plan says`;
  if (found !== null) return `${name}, which the first bytes tell`;
  const { utf8, notUtf8 } = survey;
  const beyondAscii = plural(utf8 + notUtf8, 'record that is not ASCII', 'records that are not ASCII');
  if (encoding === 'windows-1252') return `${name}: ${notUtf8} of ${beyondAscii} ${notUtf8 === 1 ? 'is' : 'are'} not valid UTF-8`;
  if (notUtf8 > 0)
    return `${name}: ${utf8} of ${beyondAscii} ${utf8 === 1 ? 'is' : 'are'} valid; texts of the others are treated by options.invalidText`;
  return utf8 === 0
    ? `${name}: every byte is ASCII`
    : `${name}: ${utf8 === 1 ? 'the one record that is not ASCII is' : `all ${utf8} records that are not ASCII are`} valid`;
}

const lineEndWords: Readonly<Record<Dialect['lineEnds'], string>> = {
  lf: 'LF or CRLF',
  cr: 'CR or CRLF',
  any: 'LF, CRLF or CR; all three are there',
};

function escapeWords({ quote, escape }: Dialect): string {
  return escape === quote ? 'a doubled one' : `one behind ${nameOf(escape)}, or a doubled one,`;
}

function nameOf(character: string): string {
  const named: Readonly<Record<string, string>> = { '\t': 'a tab', '"': 'double quotes', "'": 'single quotes', '\\': 'a backslash' };
  const code = character.charCodeAt(0);
  return named[character] ?? (code < 0x20 ? `the character ${code}` : `"${character}"`);
}
