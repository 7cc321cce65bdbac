/** Gets a Chromium onto a Debian or Ubuntu machine, for the tests of webviews and of the workbench. Does nothing when there is one. */
import { ensurePrograms, findProgram } from './ensure-programs.ts';

const names = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'];

/** The browser's program, installed where it was missing; else one sentence that says what is missing and why. */
export function ensureChromium(say: (line: string) => void): { readonly program: string } | string {
  const problem = findChromium() === null ? ensurePrograms({ chromium: 'chromium' }, say) : null;
  const program = findChromium();
  if (program === null) return `Chromium: ${problem ?? 'not found'}`;
  say(`Chromium in ${program}`);
  return { program };
}

/** Absolute path of a Chromium or Chrome on PATH; null when there is none. */
export function findChromium(): string | null {
  return names.map(findProgram).find((program) => program !== null) ?? null;
}

if (import.meta.main) {
  const result = ensureChromium((line) => console.log(line));
  if (typeof result === 'string') {
    console.error(result);
    process.exitCode = 1;
  }
}
