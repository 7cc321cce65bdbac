import { plural } from '../../../model/plural.ts';
import { listSome } from '../../shared/files/list-some.ts';
import type { FileForm } from '../document-files.ts';
import type { Collection } from './collections.ts';

const mostTold = 10;

/** How the documents of a table are written, with the evidence. */
export function describeCollection(
  { documents, files }: Collection,
  forms: ReadonlyMap<FileForm, number>,
  passedOver: readonly string[],
): readonly string[] {
  const written = [...forms].map(([form, count]) => `${plural(count, 'file')} ${words[form]}`).toSorted();
  return [
    `is ${plural(documents, 'document')} in ${written.join(' and ')}${files.length > 1 ? ', read in the order of their paths' : ''}`,
    ...(passedOver.length === 0 ? [] : [`Passed over beside them: ${listSome(passedOver, mostTold)}.`]),
  ];
}

const words: Readonly<Record<FileForm, string>> = {
  document: 'of one document',
  array: 'of one array',
  values: 'of several values one after the other',
  lines: 'of one document a line',
};

/** What a person should look at before such a table is moved. */
export function warnOfCollection({
  broken,
  repeated,
  examples,
}: Collection): readonly { readonly code: string; readonly message: string }[] {
  return [
    ...(broken === 0
      ? []
      : [
          {
            code: 'broken-documents',
            message: `${plural(broken, 'document')} cannot be read and will be rejected: ${examples.join('; ')}. Behind such a place a file of lines goes on; of any other file the rest is not read.`,
          },
        ]),
    ...(repeated === 0
      ? []
      : [
          {
            code: 'repeated-keys',
            message: `${plural(repeated, 'entry of an object has', 'entries of objects have')} a key that comes again in the same object; the last one is taken.`,
          },
        ]),
  ];
}
