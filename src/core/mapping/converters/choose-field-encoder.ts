import { MigrationError } from '../../errors.ts';
import type { PgType } from '../../model/pg-type.ts';
import type { ColumnConversion, ConverterName, ConverterSpec } from '../../model/type-mapping.ts';
import { formatPgType, isBuiltInType } from '../../sql/pg-type.ts';
import { extensionTypes } from '../../sql/type-names.ts';
import { arrayEncoder } from './encode-array.ts';
import { bitsEncoder } from './encode-bits.ts';
import { encodeBoolean } from './encode-boolean.ts';
import { bytesEncoder } from './encode-bytes.ts';
import { dateEncoder, timeEncoder, timestampEncoder, timeTzEncoder } from './encode-date-time.ts';
import { doubleEncoder, realEncoder } from './encode-float.ts';
import { encodeBigint, encodeInteger, encodeSmallint } from './encode-integer.ts';
import { encodeInterval } from './encode-interval.ts';
import { jsonEncoder } from './encode-json.ts';
import { numericEncoder } from './encode-numeric.ts';
import { textEncoder } from './encode-text.ts';
import { encodeUuid } from './encode-uuid.ts';
import { vectorEncoder } from './encode-vector.ts';
import type { FieldEncoder, FieldSetting } from './field-encoder.ts';
import { dateRewrites, isRewrite, numberRewrites, rewritingEncoder } from './rewritten-text.ts';
import { ruledEncoder } from './ruled-encoder.ts';
import { unsupportedConverter } from './unsupported-converter.ts';

/** The encoder of one column, chosen once. Throws `unsupported-plan-feature` for a type without one, or a converter that its type cannot have. */
export function chooseFieldEncoder(setting: FieldSetting): FieldEncoder {
  const { type, convert, rules } = setting.column;
  if (rules !== undefined)
    return ruledEncoder(rules, (own) => chooseFieldEncoder({ ...setting, column: withConverter(setting.column, own) }));
  if (type.arrayDepth > 0) return arrayEncoder(setting, chooseFieldEncoder);
  const choice = isKnown(type) ? choices.get(type.name) : text;
  if (choice === undefined) {
    const feature = formatPgType(type);
    throw new MigrationError('unsupported-plan-feature', {
      context: { column: setting.column.to, feature, detail: `a column of type ${feature}` },
    });
  }
  if (convert.name !== 'auto' && !choice.converters.includes(convert.name)) throw unsupportedConverter(setting);
  if (isRewrite(convert.name))
    return rewritingEncoder(convert.name, choice.make({ ...setting, column: withConverter(setting.column, { name: 'auto' }) }));
  return choice.make(setting);
}

function withConverter({ rules: _, ...column }: ColumnConversion, convert: ConverterSpec): ColumnConversion {
  return { ...column, convert };
}

interface EncoderChoice {
  readonly make: (setting: FieldSetting) => FieldEncoder;
  /** Beside `auto`. */
  readonly converters: readonly ConverterName[];
}

const plain: readonly ConverterName[] = [];
const numbers = numberRewrites;
const instants: readonly ConverterName[] = ['epoch-s', 'epoch-ms', 'epoch-us', 'julian'];
const vectors: readonly ConverterName[] = ['json-text', 'float32-blob', 'float64-blob'];
const bits: readonly ConverterName[] = ['packed-bits', 'packed-bits-low'];
const text: EncoderChoice = { make: textEncoder, converters: ['blob-text'] };

const choices: ReadonlyMap<string, EncoderChoice> = new Map([
  ['smallint', { make: () => encodeSmallint, converters: numbers }],
  ['integer', { make: () => encodeInteger, converters: numbers }],
  ['bigint', { make: () => encodeBigint, converters: numbers }],
  ['boolean', { make: () => encodeBoolean, converters: plain }],
  ['real', { make: realEncoder, converters: numbers }],
  ['double precision', { make: doubleEncoder, converters: numbers }],
  ['numeric', { make: numericEncoder, converters: numbers }],
  ['text', text],
  ['varchar', text],
  ['char', text],
  ['bpchar', text],
  ['citext', text],
  ['bytea', { make: bytesEncoder, converters: ['text-hex'] }],
  ['uuid', { make: () => encodeUuid, converters: plain }],
  ['json', { make: jsonEncoder, converters: ['json-text', 'blob-text'] }],
  ['jsonb', { make: jsonEncoder, converters: ['json-text', 'blob-text'] }],
  ['date', { make: dateEncoder, converters: [...instants, ...dateRewrites] }],
  ['time', { make: timeEncoder, converters: plain }],
  ['timetz', { make: timeTzEncoder, converters: plain }],
  ['interval', { make: () => encodeInterval, converters: plain }],
  ['bit', { make: bitsEncoder, converters: bits }],
  ['bit varying', { make: bitsEncoder, converters: bits }],
  ['timestamp', { make: timestampEncoder, converters: instants }],
  ['timestamptz', { make: timestampEncoder, converters: instants }],
  ['vector', { make: vectorEncoder, converters: vectors }],
  ['halfvec', { make: vectorEncoder, converters: vectors }],
] satisfies [string, EncoderChoice][]);

/** Any other type is the user's own, an enum or a domain over text: its binary form is the label. */
function isKnown(type: PgType): boolean {
  return isBuiltInType(type) || type.schema === 'pg_catalog' || extensionTypes.has(type.name);
}
