import { globSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface PageSize {
  readonly page: string;
  /** Of the minified script. */
  readonly kilobytes: number;
}

/** The pages of the panels are minified in every build. */
export function pageSizes(): readonly PageSize[] {
  const folder = join(import.meta.dirname, '../../../dist/webview');
  return globSync('*.js', { cwd: folder })
    .toSorted()
    .map((file) => ({ page: basename(file, '.js'), kilobytes: statSync(join(folder, file)).size / 1024 }));
}
