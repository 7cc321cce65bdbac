import type { CatalogColumn } from '../model/catalog.ts';
import type { ColumnProfile } from '../model/column-profile.ts';
import { plural } from '../model/plural.ts';
import type { Loss } from '../model/type-mapping.ts';
import type { TypeMapping } from './contradictions.ts';
import type { DeclaredType } from './declared-type.ts';
import { detectEpoch } from './detect-epoch.ts';
import { describeMissedVector, vectorLengths } from './detect-vector.ts';
import { writtenQuestion } from './written-text.ts';
import type { TypeOptions } from './type-options.ts';

export interface ChoiceWarning {
  readonly code: string;
  readonly message: string;
}

export interface Choice {
  readonly column: CatalogColumn;
  readonly profile: ColumnProfile;
  readonly options: TypeOptions;
  readonly declared: DeclaredType;
  readonly mapping: TypeMapping;
  readonly type: string;
  readonly expectedRejects: number;
  readonly emptyAsNull: number;
  readonly loss: Loss;
  readonly reason: string | null;
}

/** What a person should know about the choice before it is run. */
export function warnAboutChoice(choice: Choice): readonly ChoiceWarning[] {
  return checks.flatMap((check) => check(choice) ?? []);
}

type Check = (choice: Choice) => ChoiceWarning | null;

const checks: readonly Check[] = [
  function typeGivenUp({ column, declared, mapping, type, profile }) {
    const wanted = declared.type;
    if (wanted === null || mapping.type.name === 'vector' || keepsPromise(wanted, mapping)) return null;
    if (profile.rows === profile.nulls || (declared.upgrade && mapping.type.name !== 'bytea')) return null;
    return warning(
      'type-changed',
      `Column ${column.name} is declared ${column.declared}, but its values do not keep to that; it becomes ${type}.`,
    );
  },
  function rejects({ column, type, expectedRejects }) {
    if (expectedRejects === 0) return null;
    return warning(
      'expected-rejects',
      `Column ${column.name}: up to ${plural(expectedRejects, 'value does', 'values do')} not fit ${type} and will be rejected.`,
    );
  },
  function ambiguousMoments({ column, declared, profile }) {
    if (declared.type !== 'timestamptz' && declared.type !== 'date') return null;
    const numbers = profile.integers + profile.reals;
    const mixed = profile.texts > profile.textEmpty && numbers > 0;
    if (numbers === 0 || (detectEpoch(profile) !== 'ambiguous' && !mixed)) return null;
    const message = `Column ${column.name} mixes ways to write a date (texts, or numbers of unlike size); no unit is guessed. In the plan, set type timestamptz and "convert": a converter (epoch-s, epoch-ms, epoch-us, julian), or rules such as [{ "when": "text" }, { "when": "integer", "min": 100000000000, "convert": "epoch-ms" }, { "when": "integer", "convert": "epoch-s" }].`;
    return warning('ambiguous-dates', message);
  },
  function writtenInDoubt({ column, declared, mapping, profile, options }) {
    if (!declared.written || mapping.type.name !== 'text') return null;
    const question = writtenQuestion(profile, options);
    return question === null ? null : warning('ambiguous-text', `Column ${column.name}: ${question}`);
  },
  function nullTokens({ column, mapping, profile }) {
    const { nullTokens: tokens = [] } = mapping;
    if (tokens.length === 0) return null;
    const counted = tokens.map((token) => `${token} (${profile.nullTokens?.[token] ?? 0})`).join(', ');
    return warning(
      'null-tokens',
      `Column ${column.name}: texts that stand for NULL here: ${counted}. Change "nullTokens" if they are values.`,
    );
  },
  function textAsBytes({ column, mapping, profile }) {
    const unlikeBytes = profile.rows - profile.nulls - profile.blobs;
    if (mapping.type.name !== 'bytea' || unlikeBytes === 0) return null;
    return warning(
      'text-as-bytes',
      `Column ${column.name}: ${plural(unlikeBytes, 'value that is no blob is stored as bytea, as the bytes of its text', 'values that are no blob are stored as bytea, as the bytes of their text')}.`,
    );
  },
  function mixedDimensions({ column, mapping, profile }) {
    if (mapping.type.name !== 'vector' || mapping.type.modifiers.length > 0) return null;
    const found = vectorLengths(profile, mapping.convert).map(([dimensions, values]) => `${values} of ${dimensions}`);
    if (found.length < 2) return null;
    const message = `Column ${column.name} mixes vectors of several dimensions (${found.join(', ')}): it becomes vector, without a length, and each of them gets an index of its own. Vectors of different dimensions cannot be compared; with the type vector(n) only those of n dimensions are loaded and the others are rejects.`;
    return warning('mixed-dimensions', message);
  },
  function missedVector({ column, mapping, profile }) {
    if (mapping.type.name === 'vector') return null;
    const hint = describeMissedVector(profile);
    return hint === null ? null : warning('no-vector', `Column ${column.name}: ${hint}`);
  },
  function notNullGivenUp({ column, emptyAsNull, profile }) {
    if (column.nullable || column.identity || emptyAsNull + profile.nulls === 0) return null;
    const found =
      emptyAsNull > 0
        ? plural(emptyAsNull, 'empty text counts as NULL', 'empty texts count as NULL')
        : plural(profile.nulls, 'value is NULL', 'values are NULL');
    return warning(
      'not-null-dropped',
      `Column ${column.name} is declared NOT NULL, but ${found}; it becomes nullable so that no row is lost.`,
    );
  },
  function emptyTexts({ column, emptyAsNull, type }) {
    if (emptyAsNull === 0 || !column.nullable) return null;
    return warning(
      'empty-as-null',
      `Column ${column.name}: ${emptyAsNull} empty texts are loaded as NULL, because ${type} has no empty value.`,
    );
  },
  function acceptedLoss({ column, loss, reason }) {
    if (loss !== 'rounded' && loss !== 'lossy') return null;
    return warning('accepted-loss', `Column ${column.name}: ${reason ?? loss}.`);
  },
];

/** The chosen type still is what was declared, perhaps wider. */
function keepsPromise(wanted: string, mapping: TypeMapping): boolean {
  const name = mapping.type.name;
  if (wanted === name) return true;
  const wider: Readonly<Record<string, readonly string[]>> = { smallint: ['bigint'], varchar: ['text'], timestamptz: ['timestamp'] };
  return wider[wanted]?.includes(name) ?? false;
}

function warning(code: string, message: string): ChoiceWarning {
  return { code, message };
}
