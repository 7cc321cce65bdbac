/** Parts of a path that are columns: `data/{user_id}/{id}.json`. */
export interface PathPattern {
  readonly text: string;
  readonly names: readonly string[];
  /** Values of a file's path below the root; names of the folders above it may stand in front. null = the path is otherwise. */
  match(name: string, above: readonly string[]): Readonly<Record<string, string>> | null;
}

/** null when the text is none: no names in braces, or one of them twice. */
export function parsePattern(text: string): PathPattern | null {
  const segments = text.split('/').filter((part) => part !== '' && part !== '.');
  const names = [...text.matchAll(/\{([^{}/]+)\}/g)].map(([, name = '']) => name);
  if (names.length === 0 || new Set(names).size < names.length || /[{}]/.test(text.replace(/\{[^{}/]+\}/g, ''))) return null;
  const matchers = segments.map(segmentMatcher);
  return {
    text,
    names,
    match: (name, above) => {
      const own = name.split('/');
      const more = matchers.length - own.length;
      if (more < 0 || more > above.length) return null;
      const parts = more === 0 ? own : [...above.slice(-more), ...own];
      const values: Record<string, string> = {};
      for (const [i, matcher] of matchers.entries()) {
        const found = matcher(parts[i] ?? '');
        if (found === null) return null;
        Object.assign(values, found);
      }
      return values;
    },
  };
}

function segmentMatcher(segment: string): (part: string) => Readonly<Record<string, string>> | null {
  const names: string[] = [];
  const source = segment.replace(/\{([^{}]+)\}|[\\^$.*+?()[\]|]/g, (sign, name: string | undefined) => {
    if (name === undefined) return `\\${sign}`;
    names.push(name);
    return '(.+?)';
  });
  const expression = new RegExp(`^${source}$`, 's');
  return (part) => {
    const found = expression.exec(part);
    return found === null ? null : Object.fromEntries(names.map((name, i) => [name, found[i + 1] ?? '']));
  };
}

/** The pattern of files that lie equally deep: what differs is a column. null = there is nothing to tell, or it cannot be written. */
export function proposePattern(names: readonly string[]): PathPattern | null {
  const paths = names.map((name) => name.split('/'));
  const [first] = paths;
  if (first === undefined || names.length < 2 || paths.some(({ length }) => length !== first.length)) return null;
  if (names.some((name) => /[{}]/.test(name))) return null;
  let folders = 0;
  const segments = first.map((segment, level) => {
    const parts = new Set(paths.map((path) => path[level] ?? ''));
    if (level === first.length - 1) return fileSegment(parts);
    if (parts.size === 1) return segment;
    const key = keyOf(parts);
    if (key !== null) return `${key}={${key}}`;
    folders++;
    return folders === 1 ? '{folder}' : `{folder_${folders}}`;
  });
  return parsePattern(segments.join('/'));
}

function fileSegment(files: ReadonlySet<string>): string {
  const endings = new Set([...files].map((file) => /\.[^.]+$/.exec(file)?.[0] ?? ''));
  const [only = ''] = endings;
  return endings.size === 1 ? `{file}${only}` : '{file}';
}

/** What folders `name=value` have in common. */
function keyOf(parts: ReadonlySet<string>): string | null {
  const keys = new Set([...parts].map((part) => /^([^={}]+)=./.exec(part)?.[1] ?? ''));
  const [only = ''] = keys;
  return keys.size === 1 && only !== '' && only !== 'file' ? only : null;
}
