import type { FileTest } from '../shared/files/file-set.ts';
import { looksDelimited } from './looks-delimited.ts';

/** What is delimited text among the files of a folder. */
export const delimitedFiles: FileTest = {
  word: 'delimited text',
  named: /\.(?:csv|tsv|tab|psv)(?:\.(?:gz|zst|zstd))?$/i,
  accepts: looksDelimited,
  emptyIsNothing: true,
};
