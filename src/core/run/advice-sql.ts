import type { IndexAdvice } from '../model/index-advice.ts';
import { readVectorExpression, vectorExpressionSql } from '../sql/vector-expression.ts';
import { qualifiedName, quoteIdentifier } from '../sql/quote.ts';
import type { VectorColumn } from '../vectors/vector-column.ts';

/** The statement that makes the advised index, with pgvector's schema; PostgreSQL names it. null where there is none. */
export function adviceSql({ index }: IndexAdvice, { schema, table, vectorSchema }: VectorColumn): string | null {
  if (index === null) return null;
  const expression = readVectorExpression(index.on);
  const on = index.form === 'column' || expression === null ? index.on : `(${vectorExpressionSql(expression, vectorSchema)})`;
  const options = Object.entries(index.with).map(([name, value]) => `${name} = ${value}`);
  const name = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
  return `CREATE INDEX CONCURRENTLY ON ${name} USING ${index.method} (${on} ${qualifiedName(vectorSchema, index.opclass)}) WITH (${options.join(', ')});`;
}
