import { writeJsonb, writeText } from '../../tuple/binary-writers.ts';
import { describeValue } from './describe-value.ts';
import { failure, type FieldEncoder, type FieldFailure, type FieldSetting, type PresentValue } from './field-encoder.ts';
import { hasDuplicateKeys } from './has-duplicate-keys.ts';
import { isWellFormed } from './is-well-formed.ts';
import { realText, valueText } from './value-text.ts';

/**
 * The text is checked and sent as it is, so that no number goes through JavaScript. Numbers and booleans become JSON scalars. jsonb keeps the last of
 * two equal keys, which is counted.
 */
export function jsonEncoder(setting: FieldSetting): FieldEncoder {
  const binary = setting.column.type.name === 'jsonb';
  return (value, out) => {
    const text = toJsonText(value, setting);
    if (typeof text !== 'string') return text;
    const parsed = parseJson(text);
    const fault = jsonFault(text, parsed, binary);
    if (fault !== null) return failure('invalid-json', `${describeValue(value)} ${fault}`);
    if (binary && hasDuplicateKeys(text, parsed)) setting.count('duplicate keys');
    if (binary) writeJsonb(out, text);
    else writeText(out, text);
    return null;
  };
}

function toJsonText(value: PresentValue, setting: FieldSetting): string | FieldFailure {
  if (typeof value !== 'number') return valueText(value, setting);
  return Number.isFinite(value) ? realText(value) : failure('invalid-json', `${describeValue(value)} has no JSON form`);
}

/** undefined when the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why PostgreSQL would refuse `text`; null when it would not. */
function jsonFault(text: string, parsed: unknown, binary: boolean): string | null {
  if (parsed === undefined) return 'is not JSON';
  if (!isWellFormed(text)) return 'holds half of a surrogate pair';
  return binary && text.includes('\\u') ? escapeFault(text) : null;
}

/** jsonb decodes its strings, so an escape must name a character that text can hold. */
function escapeFault(text: string): string | null {
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at)) {
    if (text[at + 1] !== 'u') {
      at += 2;
      continue;
    }
    const unit = escapedUnit(text, at);
    at += 6;
    if (unit === 0) return 'holds \\u0000, which jsonb cannot store';
    if (isLow(unit)) return 'holds half of a surrogate pair';
    if (!isHigh(unit)) continue;
    if (!isLow(escapedUnit(text, at))) return 'holds half of a surrogate pair';
    at += 6;
  }
  return null;
}

/** The code unit of the escape at `at`; -1 when there is none. */
function escapedUnit(text: string, at: number): number {
  return text[at] === '\\' && text[at + 1] === 'u' ? Number.parseInt(text.slice(at + 2, at + 6), 16) : -1;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
