/** Licences of what a package of the extension holds beside our own code: their texts must travel with it. */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly texts: readonly string[];
}

interface Manifest extends Omit<Bundled, 'texts'> {
  readonly author?: string | { readonly name: string };
}

/** Licences that only ask for their text to be kept. Anything else must be looked at by a person first. */
const allowed = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'PostgreSQL', 'CC-BY-4.0', 'BlueOak-1.0.0']);

/** Packages of which the bundles in `dist` hold something, by their source maps. Gives absolute folders. */
export function bundledPackages(dist: string): ReadonlySet<string> {
  const folders = globSync('*.map', { cwd: dist }).flatMap((map) => {
    const { sources } = JSON.parse(readFileSync(join(dist, map), 'utf8')) as { readonly sources: readonly string[] };
    return sources.map((source) => packageFolder(resolve(dist, dirname(map), source)));
  });
  return new Set(folders.filter((folder) => folder !== null).map(installedFolder));
}

/**
 * A package that came as one file with others in it has a source map that names folders of the machine where that file was made. Here such a package lies
 * where Node.js would find it from there. Throws when it lies nowhere.
 */
function installedFolder(folder: string): string {
  const [, above = '', name = ''] = /^(.*)[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)$/.exec(folder) ?? [];
  for (let at = above; ; at = dirname(at)) {
    const candidate = join(at, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (at === dirname(at)) throw new Error(`${name} is in a bundle (${folder}) and not installed, so that its licence is not known`);
  }
}

/** The folder of the package that a file belongs to; null for a file of ours. */
export function packageFolder(file: string): string | null {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0] ?? null;
}

/** One text with the licence of each package. Throws when one has none, or one that nobody has looked at. */
export function licenseNotice(folders: Iterable<string>): string {
  const bundled = [...new Set(folders)].map(readPackage).sort((a, b) => (a.name < b.name ? -1 : 1));
  const head = `Sluice contains the following packages, each under its own licence.\n\n${bundled.map(titleOf).join('\n')}\n`;
  const line = '-'.repeat(80);
  const inside = readFileSync(join(import.meta.dirname, 'postgresql-license.txt'), 'utf8');
  const server = `${line}\nPostgreSQL and pgvector, inside of @electric-sql/pglite and @electric-sql/pglite-pgvector (PostgreSQL)\n${line}\n\n${inside}`;
  return `${head}\n${bundled.map((each) => `${line}\n${titleOf(each)}\n${line}\n\n${each.texts.join('\n\n')}\n`).join('\n')}\n${server}`;
}

function titleOf({ name, version, license }: Bundled): string {
  return `${name} ${version} (${license})`;
}

function readPackage(folder: string): Bundled {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license } = manifest;
  if (!allowed.has(license))
    throw new Error(`${name} ${version} is under "${license}", which is not on the list of licences that may be shipped`);
  const found = licenseTexts(folder);
  const texts = found.length > 0 ? found : mitTexts(manifest);
  if (texts.length === 0) throw new Error(`${name} ${version} brings no text of its licence (${license})`);
  return { name, version, license, texts };
}

/** Some packages have their licence at the end of their README alone. */
function licenseTexts(folder: string): readonly string[] {
  const names = readdirSync(folder).sort();
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8').trim();
  const own = names.filter((file) => /^(licen[cs]e|copying|notice|third.?party)/i.test(file)).map(read);
  if (own.length > 0) return own;
  const readme = names.filter((file) => /^readme/i.test(file)).map(read);
  return readme.flatMap((text) => /^#+ *licen[cs]e *\n([\s\S]*permission is hereby granted[\s\S]*)$/im.exec(text)?.[1]?.trim() ?? []);
}

/** For the few that name the licence and its holder without its text: the text is always the same, and ours is one. */
function mitTexts({ license, author }: Manifest): readonly string[] {
  const holder = typeof author === 'string' ? author : author?.name;
  if (license !== 'MIT' || holder === undefined) return [];
  const terms = /Permission is hereby granted[\s\S]*/.exec(readFileSync(join(import.meta.dirname, '../LICENSE'), 'utf8'))?.[0] ?? '';
  return terms === '' ? [] : [`The MIT License\n\nCopyright (c) ${holder}\n\n${terms.trim()}`];
}
