import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MigrationError } from '../../core/errors.ts';

const ending = '.sluice.json';

/** Whether files can be made in a folder; a file system that is read-only says no as well. */
export function canWriteTo(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Writes a plan as `<name>.sluice.json`, or a numbered one, and gives its path: whatever has such a name, a link to elsewhere included, is never
 * written to. Throws `cannot-write-file`.
 */
export async function writeNewPlan(folder: string, name: string, text: string): Promise<string> {
  for (let n = 1; ; n++) {
    const file = path.join(folder, `${name}${n === 1 ? '' : `-${n}`}${ending}`);
    if (await wrote(file, text, 'wx')) return file;
  }
}

/**
 * Writes a plan where the user said, and gives its path. The dialog has asked before it lets a file be replaced; a name without the ending of plans gets
 * it, and then it is another file, which is not replaced.
 */
export async function writePlanAs(file: string, text: string): Promise<string> {
  if (!file.endsWith(ending)) return writeNewPlan(path.dirname(file), path.basename(file).replace(/(\.sluice)?\.json$/i, ''), text);
  await wrote(file, text, 'w');
  return file;
}

/** false = the name is taken. */
async function wrote(file: string, text: string, flag: 'w' | 'wx'): Promise<boolean> {
  try {
    await writeFile(file, text, { flag });
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (flag === 'wx' && code === 'EEXIST') return false;
    throw new MigrationError('cannot-write-file', { context: { path: file, detail: reasons[code ?? ''] ?? message }, cause: error });
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  ENOENT: 'its folder does not exist',
  EISDIR: 'a folder has this name',
  ENAMETOOLONG: 'its name is too long',
};
