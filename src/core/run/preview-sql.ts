import { renderSqlScript } from '../plan/render-sql-script.ts';
import type { PreviewSqlRequest } from './browse-requests.ts';
import { makeEffectivePlan } from './effective-plan.ts';

/** The plan as one SQL script. Needs no connection: pgvector is taken to be in `public`. Throws what `compilePlan` throws, and `invalid-plan`. */
export function previewSql(request: PreviewSqlRequest): string {
  const { plan, compiled } = makeEffectivePlan(request.input.text, request.input.path, {
    ...(request.schema === undefined ? {} : { schema: request.schema }),
    ...(request.tables === undefined ? {} : { tables: request.tables }),
  });
  return renderSqlScript(plan, compiled);
}
