import type { ColumnProfile } from '../model/column-profile.ts';
import { plural } from '../model/plural.ts';
import type { Loss } from '../model/type-mapping.ts';
import type { TypeMapping } from './contradictions.ts';
import type { TypeOptions } from './type-options.ts';

export interface LossJudgement {
  readonly loss: Loss;
  readonly accept: boolean;
  /** What happens to the values, in words; null when there is nothing to say. */
  readonly reason: string | null;
}

/** What storing the values this way does to them. Losses that the planner takes on itself are accepted and say so. */
export function judgeLoss(mapping: TypeMapping, profile: ColumnProfile, options: TypeOptions): LossJudgement {
  const { name } = mapping.type;
  if (name === 'vector') return judgeVector(mapping);
  if (mapping.convert === 'julian') return rounded('Julian days are kept to the millisecond, as SQLite itself reads them');
  if (mapping.convert.startsWith('epoch')) return judgeEpoch(mapping, profile);
  if (name === 'text' || name === 'varchar') return judgeText(profile, options);
  const unlikeBytes = profile.rows - profile.nulls - profile.blobs;
  if (name === 'bytea' && unlikeBytes > 0)
    return widened(
      plural(
        unlikeBytes,
        'value that is no blob is kept as the bytes of its text',
        'values that are no blob are kept as the bytes of their text',
      ),
    );
  if (name === 'double precision' && profile.integers > 0) return widened('integers up to 2^53 are stored as double precision, exactly');
  return exact(null);
}

function judgeVector(mapping: TypeMapping): LossJudgement {
  const [length] = mapping.type.modifiers;
  const dimensions = length === undefined ? '' : `${length} `;
  if (mapping.convert === 'float32-blob') return exact(`read as ${dimensions}float32, bit by bit`);
  if (mapping.convert === 'float64-blob')
    return rounded(`read as ${dimensions}float64; a vector keeps float32, so they are rounded to about 7 digits`);
  return rounded(`JSON arrays of ${dimensions}numbers; a vector keeps float32, so float64 values are rounded to about 7 digits`);
}

const unitWords: Readonly<Record<string, string>> = { 'epoch-s': 'seconds', 'epoch-ms': 'milliseconds', 'epoch-us': 'microseconds' };

function judgeEpoch(mapping: TypeMapping, profile: ColumnProfile): LossJudgement {
  const words = `the numbers are ${unitWords[mapping.convert] ?? 'counted'} since 1970, by their magnitude`;
  return profile.realFractional === 0 ? exact(words) : rounded(`${words}; fractions are kept to the microsecond`);
}

function judgeText(profile: ColumnProfile, options: TypeOptions): LossJudgement {
  const changed = (options.nulBytes === 'reject' ? 0 : profile.textWithNul) + (options.invalidText === 'reject' ? 0 : profile.textInvalid);
  if (changed > 0)
    return {
      loss: 'lossy',
      accept: true,
      reason: `${plural(changed, 'text is', 'texts are')} changed by the options nulBytes ${options.nulBytes} and invalidText ${options.invalidText}`,
    };
  const numbers = profile.integers + profile.reals + profile.booleans;
  return numbers === 0
    ? exact(null)
    : widened(plural(numbers, 'value that is no text is stored as its text', 'values that are no text are stored as their text'));
}

function exact(reason: string | null): LossJudgement {
  return { loss: 'exact', accept: false, reason };
}

function widened(reason: string): LossJudgement {
  return { loss: 'widened', accept: false, reason };
}

function rounded(reason: string): LossJudgement {
  return { loss: 'rounded', accept: true, reason: `${reason} (accepted by default)` };
}
