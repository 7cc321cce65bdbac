import picomatch from 'picomatch';

/** Where a store is: a file, a folder, a glob, or a list of any of these, each absolute. */
export type StoreLocation = string | readonly string[];

/** A location in one line, for people. */
export function locationText(location: StoreLocation): string {
  return typeof location === 'string' ? location : location.join(', ');
}

/** Whether a path has signs of a glob in it; a file or folder of exactly that name is meant all the same. */
export function hasGlobSigns(path: string): boolean {
  return picomatch.scan(path.replaceAll('\\', '/')).isGlob;
}

/**
 * What a store is called when nobody named it: a file or folder without its endings, the words that a glob begins its last part with (`data/orders_*.csv`
 * is `orders`), else the folder above it; of a list what the names begin with alike.
 */
export function storeName(location: StoreLocation): string {
  if (typeof location === 'string') return nameOfPath(location);
  const names = location.map((path) => nameOfFile(path));
  const [first = ''] = names;
  let length = first.length;
  for (const name of names) while (!name.startsWith(first.slice(0, length))) length--;
  return withoutNumber(first.slice(0, length)) || nameOfPath(location[0] ?? '');
}

/** `orders_v2` and `orders-2024-01` are parts of `orders`; a name that is nothing but a number keeps it. */
function withoutNumber(name: string): string {
  const bare = name.replace(/[\d\s_.-]*$/, '');
  return /[\s_.-]v$/i.test(bare) ? bare.replace(/[\s_.-]+v$/i, '') : bare;
}

/** A file or folder of exactly this name, without its endings: `orders.csv.gz` is `orders`. */
export function nameOfFile(path: string): string {
  return withoutEndings(lastPart(path));
}

function nameOfPath(path: string): string {
  if (!hasGlobSigns(path)) return nameOfFile(path);
  const parts = path.replaceAll('\\', '/').split('/').filter(Boolean);
  const own = withoutNumber(/^[^*?[\](){}!+@|]*/.exec(parts.pop() ?? '')?.[0] ?? '');
  if (own !== '') return own;
  const folder = parts.findLast((part) => !hasGlobSigns(part) && !part.includes('='));
  return folder ?? 'files';
}

function lastPart(path: string): string {
  return path.replaceAll('\\', '/').split('/').findLast(Boolean) ?? path;
}

function withoutEndings(file: string): string {
  const plain = file.replace(/\.(?:gz|zst|zstd)$/i, '');
  return plain.replace(/\.[^.]+$/, '') || plain;
}
