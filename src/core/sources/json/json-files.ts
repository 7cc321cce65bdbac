import type { FileTest } from '../shared/files/file-set.ts';
import { looksJson, namedJson } from './looks-json.ts';

/** Of each file's beginning; a file that is written anew differs in its size or time. */
export const identityBytes = 64;

/** What is JSON among the files of a folder: by its content, or by its name where the content is broken, since a broken document is told and not left out. */
export const jsonFiles: FileTest = {
  word: 'JSON',
  named: namedJson,
  accepts: async (path, head) => namedJson.test(path) || looksJson(path, head),
  emptyIsNothing: true,
};
