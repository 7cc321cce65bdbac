import { parseTree, printParseErrorCode, getNodeValue, type ParseError } from 'jsonc-parser';
import { checkColumns } from './checks/check-columns.ts';
import { checkJson } from './checks/check-json.ts';
import { checkKeys } from './checks/check-keys.ts';
import { checkTables } from './checks/check-tables.ts';
import { describeIssues } from './describe-issues.ts';
import { createLocator } from './locate-problem.ts';
import type { FoundProblem, PlanProblem } from './plan-problem.ts';
import { planSchema, type Plan } from './plan-schema.ts';

/**
 * Everything that is wrong with the text of a plan file (JSON with comments and trailing commas), with its place in the text, in the order of the text.
 * `plan` is null when the text is not JSON or does not have the shape of a plan; a plan that has errors of meaning is still returned.
 */
export function validatePlan(text: string): { readonly plan: Plan | null; readonly problems: readonly PlanProblem[] } {
  const syntax: ParseError[] = [];
  // A byte order mark is no part of JSON; a blank in its place keeps every offset.
  const json = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const root = parseTree(json, syntax, { allowTrailingComma: true });
  const locator = createLocator(json, root);
  if (root === undefined || syntax.length > 0) return { plan: null, problems: syntaxProblems(syntax).map(locator.atOffset) };

  const parsed = planSchema.safeParse(getNodeValue(root));
  const found = [...checkJson(root), ...(parsed.success ? checkMeaning(parsed.data) : describeIssues(parsed.error.issues))];
  return { plan: parsed.success ? parsed.data : null, problems: sortProblems(found.map(locator.atPath)) };
}

function checkMeaning(plan: Plan): readonly FoundProblem[] {
  return [checkTables, checkColumns, checkKeys].flatMap((check) => check(plan));
}

function syntaxProblems(errors: readonly ParseError[]): readonly { readonly offset: number; readonly message: string }[] {
  if (errors.length === 0) return [{ offset: 0, message: 'The file is empty; a plan is a JSON object.' }];
  return errors.map(({ error, offset }) => ({ offset, message: `This is not valid JSON: ${toWords(printParseErrorCode(error))}.` }));
}

/** CommaExpected → comma expected */
function toWords(code: string): string {
  return code.replace(/(?<!^)([A-Z])/g, ' $1').toLowerCase();
}

function sortProblems(problems: readonly PlanProblem[]): readonly PlanProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
