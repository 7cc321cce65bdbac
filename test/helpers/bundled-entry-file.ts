/** Stands in for src/engine/entry-file.ts where test/helpers/use-bundle.ts says so: threads and processes that a test starts run the bundle. */
export function entryFile(_inSources: string, inBundle: string): URL {
  return new URL(`../../dist/${inBundle}`, import.meta.url);
}
