/** All that needs the grammar of plans, in one module: it is loaded when the first plan is opened, not when the extension starts. */
export { validatePlan } from '../../core/plan/validate-plan.ts';
export { completePlan } from './plan-completions.ts';
export { findPlanProblems } from './plan-findings.ts';
export { fixesOf } from './plan-fixes.ts';
export { hoverPlan } from './plan-hovers.ts';
export { planLenses } from './plan-lenses.ts';
