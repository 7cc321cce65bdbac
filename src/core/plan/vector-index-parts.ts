import type { PgType } from '../model/pg-type.ts';
import { parsePgType } from '../sql/pg-type.ts';
import { vectorTypes } from '../sql/type-names.ts';
import { readVectorExpression, type VectorExpression } from '../sql/vector-expression.ts';
import { indexedColumn } from './indexed-column.ts';
import type { PlanColumn, PlanIndex } from './plan-schema.ts';

/** What one part of an index holds, as far as it is a vector column or one of the expressions on such a column that are known. */
export interface VectorIndexPart {
  /** Keys below the index in the plan. */
  readonly at: readonly (string | number)[];
  /** Unquoted. */
  readonly column: string;
  /** Type of the column; null when the table has no such column or its type cannot be read. */
  readonly columnType: PgType | null;
  /** null: the column itself. */
  readonly expression: VectorExpression | null;
  /** vector, halfvec, sparsevec or bit. */
  readonly type: string;
  /** null: not said. */
  readonly dimensions: number | null;
  readonly opclass: string | null;
  /** Keys of the operator class below the index. */
  readonly opclassAt: readonly (string | number)[];
}

/** Parts of an index that are vectors, in their order; other columns and expressions are left out. */
export function vectorIndexParts(columns: readonly Pick<PlanColumn, 'to' | 'type'>[], index: PlanIndex): readonly VectorIndexPart[] {
  const whole: Opclass = { opclass: index.opclass, opclassAt: ['opclass'] };
  const parts = index.columns.flatMap((part, i): readonly VectorIndexPart[] => {
    const own = typeof part === 'string' ? undefined : part.opclass;
    const opclass: Opclass = own === undefined ? whole : { opclass: own, opclassAt: ['columns', i, 'opclass'] };
    const name = indexedColumn(part);
    if (name !== null) return ofColumn(columns, name, { at: ['columns', i], ...opclass });
    const text = typeof part !== 'string' && 'expression' in part ? part.expression : '';
    return ofExpression(columns, text, { at: ['columns', i, 'expression'], ...opclass });
  });
  return index.expression === null ? parts : [...parts, ...ofExpression(columns, index.expression, { at: ['expression'], ...whole })];
}

type Columns = readonly Pick<PlanColumn, 'to' | 'type'>[];
type Opclass = Pick<VectorIndexPart, 'opclass' | 'opclassAt'>;
type Place = Pick<VectorIndexPart, 'at'> & Opclass;

function ofColumn(columns: Columns, column: string, place: Place): readonly VectorIndexPart[] {
  const type = typeOf(columns, column);
  // A column of bits is indexed as it is.
  if (type === null || !(vectorTypes.has(type.name) || type.name === 'bit')) return [];
  return [{ ...place, column, columnType: type, expression: null, type: type.name, dimensions: type.modifiers[0] ?? null }];
}

function ofExpression(columns: Columns, text: string, place: Place): readonly VectorIndexPart[] {
  const expression = readVectorExpression(text);
  if (expression === null) return [];
  const { column, type, dimensions } = expression;
  return [{ ...place, column, columnType: typeOf(columns, column), expression, type, dimensions }];
}

function typeOf(columns: Columns, name: string): PgType | null {
  const text = columns.find(({ to }) => to === name)?.type;
  try {
    return text === undefined ? null : parsePgType(text);
  } catch {
    return null;
  }
}
