import type { FileTest } from '../shared/files/file-set.ts';
import { holdsJson, isListOfUsers, namedJson } from './looks-json.ts';

/** What is JSON among the files of a folder: by its content, or by its name where the content is broken, since a broken document is told and not left out. */
export const jsonFiles: FileTest = {
  word: 'JSON',
  named: namedJson,
  accepts: async (path, head) => !isListOfUsers(head) && (namedJson.test(path) || (await holdsJson(path, head))),
  keepsUnreadable: true,
  emptyIsNothing: true,
};
