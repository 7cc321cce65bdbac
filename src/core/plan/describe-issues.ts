import type { z } from 'zod';
import { errorAt, type FoundProblem } from './plan-problem.ts';

type Issue = z.core.$ZodIssue;
type Path = FoundProblem['path'];

/** What the schema found, one sentence each. */
export function describeIssues(issues: readonly Issue[], above: Path = []): readonly FoundProblem[] {
  return issues.flatMap((issue) => describeIssue(issue, [...above, ...issue.path.map(toStep)]));
}

function describeIssue(issue: Issue, path: Path): readonly FoundProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => errorAt(`"${key}" is not a key that is known here.`, [...path, key]));
  if (issue.code === 'invalid_union') return describeUnion(issue, path);
  if (issue.code === 'invalid_type' && issue.input === undefined && issue.message.endsWith('received undefined')) {
    return [errorAt(`"${String(path.at(-1))}" is missing.`, path)];
  }
  if (issue.code === 'invalid_type') return [errorAt(`This must be ${withArticle(issue.expected)}.`, path)];
  if (issue.code === 'invalid_value') return [errorAt(`This must be ${oneOf(issue.values.map((value) => JSON.stringify(value)))}.`, path)];
  if (issue.code === 'too_small' && issue.minimum === 1) return [errorAt('This must not be empty.', path)];
  return [errorAt(sentence(issue.message), path)];
}

/** Of several shapes the one that fits best: the one whose errors lie deepest. */
function describeUnion(issue: UnionIssue, path: Path): readonly FoundProblem[] {
  const shapes = shapesOf(issue);
  const meant = shapes.filter((issues) => !issues.some(isWrongKind));
  const depths = meant.map((issues) => Math.max(...issues.map((inner) => inner.path.length)));
  const best = meant[depths.indexOf(Math.max(...depths))];
  if (best !== undefined) return describeIssues(best, path);
  const kinds = new Set(shapes.flatMap((issues) => issues.flatMap((inner) => (inner.code === 'invalid_type' ? [inner.expected] : []))));
  return [
    errorAt(kinds.size === 0 ? 'This has a shape that is not known here.' : `This must be ${oneOf([...kinds].map(withArticle))}.`, path),
  ];
}

type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;

/** Shapes that were tried; a union inside a union counts as several shapes. */
function shapesOf(issue: UnionIssue): readonly (readonly Issue[])[] {
  return issue.errors.flatMap((issues): readonly (readonly Issue[])[] => {
    const inner = issues[0];
    return inner?.code === 'invalid_union' && inner.path.length === 0 ? shapesOf(inner) : [issues];
  });
}

/** A text where an object is wanted: not what was meant. An object with a key too many still is. */
function isWrongKind(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

function oneOf(choices: readonly string[]): string {
  return choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.slice(-1).join('')}`;
}

function withArticle(kind: string): string {
  return kind === 'null' ? kind : `${/^[aeio]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`;
}

function toStep(step: PropertyKey): string | number {
  return typeof step === 'symbol' ? String(step) : step;
}
