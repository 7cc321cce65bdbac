import { MigrationError } from '../../errors.ts';
import type { FieldSetting } from './field-encoder.ts';

/** A converter that the column's type cannot have. */
export function unsupportedConverter({ column }: FieldSetting): MigrationError {
  const feature = `convert: ${column.convert.name}`;
  return new MigrationError('unsupported-plan-feature', {
    context: { column: column.to, feature, detail: `the converter ${column.convert.name} for a column of type ${column.type.name}` },
  });
}
