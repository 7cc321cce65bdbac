import type { PathStep } from '../../model/document-path.ts';
import { formatPointer } from '../../model/json-pointer.ts';
import { nodeText } from './node-value.ts';
import { findKey, type SoughtKey } from './find-value.ts';
import { dropped, firstIn, kindAt, kinds, nextOf, valueOf, type Tape } from './tape.ts';

/** A row of a table in a document. */
export interface FoundRow {
  readonly node: number;
  /** Of the entry of a map; -1 = it is none. */
  readonly key: number;
  /** In the array; -1 = it is in none. */
  readonly position: number;
  /** The element that this one is in, where there is one: of `$.a[*].b[*]` that of `a`. */
  readonly outer: FoundRow | null;
  /** JSON Pointer from the document. */
  readonly pointer: string;
  /** Why it is no row: what stands in the way of the path. */
  readonly wrong: string | null;
}

/** A step with its key made ready to be looked for. */
export type CompiledStep = SoughtKey | 'element' | 'entry';

/** Rows of a document in their order. JSON's null and what is not there give none; any other value in the way of the path is a row that is wrong. */
export function findRows(tape: Tape, steps: readonly CompiledStep[]): readonly FoundRow[] {
  const rows: FoundRow[] = [];
  walk({ tape, steps, rows }, 0, { node: 0, key: -1, position: -1, outer: null, pointer: '', wrong: null });
  return rows;
}

interface Walk {
  readonly tape: Tape;
  readonly steps: readonly CompiledStep[];
  readonly rows: FoundRow[];
}

/** It calls itself for each step of a path, which a person wrote. */
function walk(on: Walk, depth: number, row: FoundRow): void {
  const step = on.steps[depth];
  if (step === undefined) {
    on.rows.push(row);
    return;
  }
  const { tape } = on;
  const kind = kindAt(tape, row.node);
  if (kind === kinds.null) return;
  const wanted = step === 'element' ? kinds.array : kinds.object;
  if (kind !== wanted) {
    on.rows.push({ ...row, wrong: `has ${names[kind]} where the path of the table wants ${names[wanted]}` });
    return;
  }
  if (typeof step !== 'string') {
    const found = findKey(tape, row.node, step);
    if (found >= 0) walk(on, depth + 1, { ...row, node: found, pointer: row.pointer + step.pointer });
    return;
  }
  const end = nextOf(tape, row.node);
  const outer = row.position >= 0 || row.key >= 0 ? row : null;
  for (let node = firstIn(row.node), position = 0; node < end; position++) {
    if (step === 'element') {
      walk(on, depth + 1, { node, key: -1, position, outer, pointer: `${row.pointer}/${position}`, wrong: null });
      node = nextOf(tape, node);
      continue;
    }
    const value = valueOf(node);
    if ((tape.nodes[node]! & dropped) === 0) {
      const text = nodeText(tape, node);
      const pointer = row.pointer + formatPointer([typeof text === 'string' ? text : '\ufffd']);
      walk(on, depth + 1, { node: value, key: node, position: -1, outer, pointer, wrong: null });
    }
    node = nextOf(tape, value);
  }
}

const names: Readonly<Record<number, string>> = {
  [kinds.false]: 'true or false',
  [kinds.true]: 'true or false',
  [kinds.integer]: 'a number',
  [kinds.number]: 'a number',
  [kinds.string]: 'a text',
  [kinds.array]: 'an array',
  [kinds.object]: 'an object',
};

export function namesEach(step: PathStep): step is Extract<PathStep, { readonly each: unknown }> {
  return 'each' in step;
}
