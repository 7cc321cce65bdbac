import { parseTree, printParseErrorCode, getNodeValue, type ParseError } from 'jsonc-parser';
import { checkColumns } from './checks/check-columns.ts';
import { checkDocuments } from './checks/check-documents.ts';
import { checkEmbeddings } from './checks/check-embeddings.ts';
import { checkGraphs } from './checks/check-graphs.ts';
import { checkJson, type JsonProblem } from './checks/check-json.ts';
import { checkKeys } from './checks/check-keys.ts';
import { checkParityQueries } from './checks/check-parity-queries.ts';
import { checkSeeds } from './checks/check-seeds.ts';
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
  if (root === undefined || syntax.length > 0) return { plan: null, problems: syntaxProblems(json, syntax).map(locator.atOffset) };

  const parsed = planSchema.safeParse(getNodeValue(root));
  const found = parsed.success ? checkMeaning(parsed.data) : describeIssues(parsed.error.issues);
  const problems = [...checkJson(root).map(locator.atOffset), ...found.map(locator.atPath)];
  return { plan: parsed.success ? parsed.data : null, problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

function checkMeaning(plan: Plan): readonly FoundProblem[] {
  return [checkTables, checkDocuments, checkGraphs, checkColumns, checkKeys, checkEmbeddings, checkSeeds, checkParityQueries].flatMap(
    (check) => check(plan),
  );
}

/** One problem for each place: what follows from the first is noise. */
function syntaxProblems(text: string, errors: readonly ParseError[]): readonly JsonProblem[] {
  if (text.trim() === '') return [{ offset: 0, path: [], message: 'The file is empty; a plan is a JSON object.' }];
  const firsts = errors.filter(({ offset }, i) => errors[i - 1]?.offset !== offset);
  return firsts.map(({ error, offset }) => ({
    offset,
    path: [],
    message: `This is not valid JSON: ${toWords(printParseErrorCode(error))}.`,
  }));
}

/** CommaExpected → comma expected */
function toWords(code: string): string {
  return code.replace(/(?<!^)([A-Z])/g, ' $1').toLowerCase();
}
