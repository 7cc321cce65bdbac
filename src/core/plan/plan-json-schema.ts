import * as z from 'zod';
import { planSchema } from './plan-schema.ts';

/** JSON Schema of the plan file as it may be written (defaults left out), for completion and hovers in an editor. */
export function planJsonSchema(): object {
  return {
    ...z.toJSONSchema(planSchema, { io: 'input', target: 'draft-7' }),
    title: 'Sluice plan',
    description: 'Which tables of which stores go where in PostgreSQL, and how. Comments and trailing commas are allowed.',
    allowTrailingCommas: true,
  };
}
