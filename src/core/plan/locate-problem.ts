import { findNodeAtLocation, type Node } from 'jsonc-parser';
import type { JsonProblem } from './checks/check-json.ts';
import type { FoundProblem, PlanProblem } from './plan-problem.ts';

/** Finds the line and column of a problem in the text of a plan. */
export interface Locator {
  readonly atPath: (problem: FoundProblem) => PlanProblem;
  readonly atOffset: (problem: JsonProblem) => PlanProblem;
}

export function createLocator(text: string, root: Node | undefined): Locator {
  const starts = lineStarts(text);
  const position = (offset: number): { readonly line: number; readonly column: number } => {
    const line = starts.findLastIndex((start) => start <= offset);
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
  return {
    atPath: (problem) => ({ ...problem, ...position(root === undefined ? 0 : offsetOf(root, problem.path)) }),
    atOffset: ({ offset, message, path }) => ({ severity: 'error', message, path, ...position(offset) }),
  };
}

/** The value at a path; where it does not exist, what surrounds it. */
function offsetOf(root: Node, path: FoundProblem['path']): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return node.offset;
  }
  return root.offset;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i += 1) {
    const newLine = text[i] === '\n' || (text[i] === '\r' && text[i + 1] !== '\n');
    if (newLine) starts.push(i + 1);
  }
  return starts;
}
