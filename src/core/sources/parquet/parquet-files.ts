import { open } from 'node:fs/promises';
import type { FileSet, FileTest } from '../shared/files/file-set.ts';
import { hiveValues } from '../shared/files/hive-values.ts';
import { listSome } from '../shared/files/list-some.ts';

const magic = Buffer.from('PAR1', 'latin1');
const encryptedMagic = Buffer.from('PARE', 'latin1');

/** Of each file's beginning; a file that is written anew differs in its size or time. */
export const identityBytes = 64;

/** A file, or one whose footer is encrypted. */
export function isParquetHead(head: Uint8Array): boolean {
  const first = Buffer.from(head.subarray(0, magic.length));
  return magic.equals(first) || encryptedMagic.equals(first);
}

/** How a file ends: whole, encrypted, or cut off. */
export async function readTail(path: string): Promise<'whole' | 'encrypted' | 'cut'> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(magic.length), 0, magic.length, Math.max(0, size - magic.length));
    const last = buffer.subarray(0, bytesRead);
    if (size < 3 * magic.length) return 'cut';
    return magic.equals(last) ? 'whole' : encryptedMagic.equals(last) ? 'encrypted' : 'cut';
  } finally {
    await file.close();
  }
}

/** What is Parquet among the files of a folder. */
export const parquetFiles: FileTest = {
  word: 'Parquet file',
  named: /\.parquet$/i,
  accepts: async (_path, head) => isParquetHead(head),
  emptyIsNothing: false,
};

/** What a person should know of files that are read together. */
export function describeFiles({ files, passedOver }: FileSet): readonly string[] {
  const folders = files.map(({ name }) => [...hiveValues(name).keys()].join());
  const [first] = folders;
  const odd = files.filter((_, i) => folders[i] !== first).map(({ name }) => name);
  return [
    ...(passedOver.length === 0 ? [] : [`Passed over beside them: ${listSome(passedOver, 10)}.`]),
    ...(odd.length === 0
      ? []
      : [
          `has folders name=value whose values are not carried over, because ${listSome(odd, 3)} do not lie in folders of the same names as ${files[0]?.name ?? ''}`,
        ]),
  ];
}
