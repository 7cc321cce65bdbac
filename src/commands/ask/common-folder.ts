import path from 'node:path';

/** The nearest folder that all of these paths (absolute, at least one) are in. */
export function commonFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths.map((one) => path.dirname(one));
  const holds = (folder: string): boolean => others.every((other) => other === folder || other.startsWith(withSeparator(folder)));
  let folder = first;
  while (!holds(folder) && path.dirname(folder) !== folder) folder = path.dirname(folder);
  return folder;
}

function withSeparator(folder: string): string {
  return folder.endsWith(path.sep) ? folder : `${folder}${path.sep}`;
}
