/** Node runs the sources themselves as well as the bundle; each has its own entry files, named relative to this folder or to the bundle's. */
export function entryFile(inSources: string, inBundle: string): URL {
  return new URL(import.meta.url.endsWith('.ts') ? inSources : inBundle, import.meta.url);
}
