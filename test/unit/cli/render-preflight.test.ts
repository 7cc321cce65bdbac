import assert from 'node:assert/strict';
import type { PreflightReport } from '../../../src/core/index.ts';
import { MigrationError } from '../../../src/core/errors.ts';
import { renderFailure } from '../../../src/cli/output/render-failure.ts';
import { renderPreflight } from '../../../src/cli/output/render-preflight.ts';

const report: PreflightReport = {
  findings: [
    { code: 'values-change', severity: 'warning', message: 'a.b: 3 empty texts became NULL.', remedy: 'Widen.', context: {} },
    { code: 'no-space', severity: 'warning', message: 'Little\n  space \u001b[2J.', remedy: 'Free some.', context: {} },
  ],
  server: { version: 180_000, vector: { needed: false, version: null, installed: false, schema: null } },
  vectorIndexes: [],
  disk: [
    { what: 'target', path: null, needed: 2048, free: null },
    { what: 'private copies', path: '/tmp/x', needed: 1024, free: 4096 },
  ],
  rows: { checked: 1_000, rejects: 1 },
  losses: [],
};

describe('rendered preflight', () => {
  it('tells all of it after a dry run', () => {
    assert.deepEqual(renderPreflight({ preflight: report, runId: null }), [
      '',
      'preflight:',
      '  1,000 rows converted, 1 row would be rejected',
      '  about 2.0 KiB in the database; free space is not known',
      '  1.0 KiB of private copies in /tmp/x; 4.0 KiB free',
      '  warning: a.b: 3 empty texts became NULL. Widen.',
      '  warning: Little space \\x1b[2J. Free some.',
    ]);
  });

  it('tells what each index for neighbours will take, and when the server has too little memory for it', () => {
    const index = {
      method: 'hnsw',
      ...{ table: 'public.notes', index: 'embedding (vector_ip_ops)', rows: 10_000 },
      ...{ indexBytes: 80 * 2 ** 20, buildBytes: 70 * 2 ** 20, buildSeconds: { least: 8, most: 96 }, buildMemory: 64 * 2 ** 20 },
    } as const;
    const lines = renderPreflight({ preflight: { ...report, findings: [], vectorIndexes: [index] }, runId: null });
    assert.equal(
      lines.at(-1),
      '  hnsw index embedding (vector_ip_ops) of public.notes over 10,000 rows: about 80 MB on disk, 70 MB of memory and 8 s to 96 s to build (an estimate); a build gets 64.0 MiB here, so that it takes longer',
    );
  });

  it('leaves to the rest of the result what that tells better', () => {
    assert.deepEqual(renderPreflight({ preflight: report, runId: 'r-1' }), [
      '',
      'preflight:',
      '  warning: Little space \\x1b[2J. Free some.',
    ]);
    assert.deepEqual(renderPreflight({ preflight: { ...report, findings: [] }, runId: 'r-1' }), []);
    assert.deepEqual(renderPreflight({ preflight: null, runId: 'r-1' }), []);
  });

  it('stands beside the error of a refusal', () => {
    const error = new MigrationError('table-exists', {
      context: { tables: ['public.a'], target: 'here', also: ['Something else. Mend it.'] },
    });
    const { json, text } = renderFailure(error, [], report);
    assert.deepEqual(json.preflight, report);
    assert.match(
      text,
      /^error: Mode create .*public\.a\. Nothing was changed\.\n {2}Also: Something else\. Mend it\.\n {2}Choose another schema/,
    );
    assert.equal(text.match(/Something else/g)?.length, 1, 'each is told once');
    assert.match(text, /space \\x1b\[2J\./);
    assert.match(text, /warning: a\.b: 3 empty texts became NULL\./);
    assert.equal('preflight' in renderFailure(error, []).json, false);
  });
});
