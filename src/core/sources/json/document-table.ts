import picomatch from 'picomatch';
import { parseDocumentTable } from '../../model/document-names.ts';
import type { PathStep } from '../../model/document-path.ts';
import { soughtKey } from './find-value.ts';
import { namesEach, type CompiledStep } from './find-rows.ts';
import type { JsonPart } from './json-snapshot.ts';
import type { Place } from './place.ts';

/** A table as its name says: which files, and where in their documents. */
export interface OpenTable {
  readonly name: string;
  /** Numbers of its files. */
  readonly files: ReadonlySet<number>;
  /** From a document to its rows. */
  stepsAt(place: Place): readonly CompiledStep[];
}

/** null when the name is none of a table, or fits no file. */
export function openTable(name: string, parts: readonly JsonPart[]): OpenTable | null {
  const table = parseDocumentTable(name);
  if (table === null) return null;
  const files = filesOf(table.files, parts);
  if (files.size === 0) return null;
  const steps = table.path.map(compileStep);
  // In an array at the top of a file each element is a document, whether the path says so or not.
  const inArray = steps[0] === 'element' ? steps.slice(1) : steps;
  return { name, files, stepsAt: ({ state }) => (state === 'top' ? steps : inArray) };
}

/** By their paths below the root, or with names of the root's own folders in front, as few as it takes. */
export function filesOf(glob: string, parts: readonly JsonPart[]): ReadonlySet<number> {
  if (glob === '*' && parts.length === 1) return new Set([0]);
  const matches = picomatch(glob, { dot: true });
  const most = glob.split('/').length;
  for (let above = 0; above < most; above++) {
    const found = parts.flatMap((part, number) => {
      const name = above === 0 ? part.name : part.above.length < above ? null : [...part.above.slice(-above), part.name].join('/');
      return name !== null && (name === glob || matches(name)) ? [number] : [];
    });
    if (found.length > 0) return new Set(found);
  }
  return new Set();
}

function compileStep(step: PathStep): CompiledStep {
  return namesEach(step) ? step.each : soughtKey(step.key);
}
