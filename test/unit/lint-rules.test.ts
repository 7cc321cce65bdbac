import assert from 'node:assert/strict';
import { ESLint } from 'eslint';

/** [text, message of the rule that forbids it in src/core] */
const forbiddenInCore: readonly (readonly [text: string, message: RegExp])[] = [
  [`throw new Error('plain');`, /MigrationError only/],
  [`throw new TypeError('plain');`, /MigrationError only/],
  [`export const home = process.env['HOME'];`, /nothing from outside/],
  [`export const now = Date.now();`, /nothing from outside/],
  [`export const now = new Date();`, /nothing from outside/],
  [`export const dice = Math.random();`, /nothing from outside/],
  [`export const start = performance.now();`, /nothing from outside/],
  [`import { randomUUID } from 'node:crypto';\nexport const id = randomUUID();`, /nothing from outside/],
  [`import { env } from 'node:process';\nexport const home = env['HOME'];`, /nothing from outside/],
  [`export const quote = (name: string): string => \`"\${name.replaceAll('"', '""')}"\`;`, /quotes identifiers/],
  [`export const quote = (text: string): string => text.replace(/'/g, "''");`, /quotes identifiers/],
  [`export const wild: any = 1;`, /Unexpected any/],
  [`export const go = (): void => void 0; Promise.resolve(1);`, /Promises must be awaited/],
];

describe('lint rules of core', function () {
  this.timeout(60_000);
  const eslint = new ESLint();

  for (const [text, message] of forbiddenInCore) {
    it(`forbid ${text.split('\n').at(-1)}`, async () => {
      assert.match((await messages(text, 'src/core/errors.ts')).join('\n'), message);
    });
  }

  it('forbid the loader to ask which source it reads', async () => {
    const text = `export const odd = (kind: string): boolean => kind === 'sqlite';`;
    assert.match((await messages(text, 'src/core/load/load-range.ts')).join('\n'), /capabilities/);
  });

  it('let through a date that is given', async () => {
    assert.deepEqual(await messages(`export const day = new Date(0);\n`, 'src/core/errors.ts'), []);
  });

  async function messages(text: string, filePath: string): Promise<string[]> {
    const results = await eslint.lintText(text, { filePath });
    return results.flatMap((result) => result.messages.map((entry) => entry.message));
  }
});
