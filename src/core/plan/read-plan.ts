import { MigrationError } from '../errors.ts';
import { formatProblem } from './plan-problem.ts';
import type { Plan } from './plan-schema.ts';
import { validatePlan } from './validate-plan.ts';

/** Text of a plan file → plan with every default filled in. Throws `invalid-plan` with all errors as `file:line:column message` in the context. */
export function readPlan(text: string, { path }: { readonly path: string }): Plan {
  const { plan, problems } = validatePlan(text);
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (plan !== null && errors.length === 0) return plan;
  throw new MigrationError('invalid-plan', { context: { path, problems: errors.map((problem) => formatProblem(path, problem)) } });
}
