import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const goldenFolder = join(import.meta.dirname, '..', 'golden');

/** Compares `actual` with the file test/golden/`name`. UPDATE_GOLDEN=1 writes the file instead; look at the change before it is committed. */
export function assertGolden(name: string, actual: string): void {
  const file = join(goldenFolder, name);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
    return;
  }
  assert.equal(actual, readFileSync(file, 'utf8'), `differs from test/golden/${name}; UPDATE_GOLDEN=1 rewrites it`);
}
