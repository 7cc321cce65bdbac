/**
 * Endings of files that are text or pictures beyond doubt. They are left out of a search to save work, never because of what they are: a store is told
 * by its content, whatever its name is.
 */
const plainEndings =
  'ts tsx js jsx mjs cjs mts cts map py pyi pyc ipynb rb go rs java kt kts scala swift c h cc cpp hpp cs fs vb php pl lua r jl dart ex exs erl hs ml clj elm vue svelte astro ' +
  'html htm css scss sass less md mdx rst txt adoc tex yml yaml toml ini cfg conf lock sh bash zsh fish ps1 bat cmd sql xml xsd svg png jpg jpeg gif webp ico icns bmp tif tiff ' +
  'woff woff2 ttf otf eot mp3 mp4 wav ogg webm mov avi pdf zip tgz bz2 xz 7z rar jar war whl so dll dylib exe o a class wasm vsix';

/**
 * Files of JSON are left out for another reason: a workspace is full of settings that are written in it. A tree of documents is added as a folder, a file
 * by its name; lines of documents (`.ndjson`, `.jsonl`) are found.
 */
const settingEndings =
  'json jsonc json5 code-workspace prettierrc eslintrc babelrc swcrc nycrc mocharc c8rc lintstagedrc stylelintrc jshintrc watchmanconfig';

/** One glob for `findFiles`: what the user excludes and what cannot be a store. */
export function excludeGlob(excluded: readonly string[]): string {
  const chosen = excluded.filter((glob) => glob.trim() !== '');
  return `{${[...chosen, ...`${plainEndings} ${settingEndings}`.split(' ').map((ending) => `**/*.${ending}`)].join(',')}}`;
}

/** Slices of at most `size`. */
export function inChunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
