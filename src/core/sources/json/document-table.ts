import picomatch from 'picomatch';
import { parseDocumentTable } from '../../model/document-names.ts';
import type { PathStep } from '../../model/document-path.ts';
import { soughtKey } from './find-value.ts';
import { namesEach, type CompiledStep } from './find-rows.ts';
import type { DocumentFiles } from './document-files.ts';
import { FileNumbers } from './file-numbers.ts';
import type { Place } from './place.ts';

/** A table as its name says: which files, and where in their documents. */
export interface OpenTable {
  readonly name: string;
  /** Numbers of its files. */
  readonly files: FileNumbers;
  /** From a document to its rows. */
  stepsAt(place: Place): readonly CompiledStep[];
}

/** null when the name is none of a table, or fits no file. */
export function openTable(name: string, files: DocumentFiles): OpenTable | null {
  const table = parseDocumentTable(name);
  if (table === null) return null;
  const own = filesOf(table.files, files);
  if (own.size === 0) return null;
  const steps = table.path.map(compileStep);
  // In an array at the top of a file each element is a document, whether the path says so or not.
  const inArray = steps[0] === 'element' ? steps.slice(1) : steps;
  return { name, files: own, stepsAt: ({ state }) => (state === 'top' ? steps : inArray) };
}

/** By their paths below the root, or with names of the root's own folders in front, as few as it takes. */
export function filesOf(glob: string, files: DocumentFiles): FileNumbers {
  if (glob === '*' && files.length === 1) return new FileNumbers(1).addAll([0]);
  const matches = picomatch(glob, { dot: true });
  const most = glob.split('/').length;
  for (let above = 0; above < most; above++) {
    if (files.above.length < above) break;
    const front = above === 0 ? '' : `${files.above.slice(-above).join('/')}/`;
    const found = new FileNumbers(files.length);
    for (let number = 0; number < files.length; number++) {
      const name = front + files.nameAt(number);
      if (name === glob || matches(name)) found.add(number);
    }
    if (found.size > 0) return found;
  }
  return new FileNumbers(files.length);
}

function compileStep(step: PathStep): CompiledStep {
  return namesEach(step) ? step.each : soughtKey(step.key);
}
