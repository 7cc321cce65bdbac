import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSession, type SessionRecord } from '../../samples/dira/session-writer.ts';
import { postgresTarget } from '../helpers/cli-target.ts';
import { idOf } from '../helpers/jac-anchors.ts';
import { kernelPeakMb } from '../helpers/kernel-peak.ts';
import { requirePostgres } from '../helpers/postgres.ts';
import { parseRun, startCli } from '../helpers/run-cli.ts';

/** Nodes of a session, each with three edges; the long form takes 100,000 (`SLUICE_TEST_JAC_NODES=100000`). */
const many = Number(process.env['SLUICE_TEST_JAC_NODES'] ?? 5_000);
const few = 1_000;
/** What a run needs whatever it reads. */
const limitMb = 400;

describe(`memory of reading a Jac session of ${few} and ${many} nodes`, function () {
  this.timeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-jac-memory-'));

  before(function () {
    if (!existsSync('/proc/self/status')) this.skip();
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is about the same, all threads, as the kernel counts it', async () => {
    const [first, second] = [await peakOf(few), await peakOf(many)];
    console.log(`      ${Math.round(first)} MB for ${few} nodes, ${Math.round(second)} MB for ${many}`);
    assert.ok(first > 0 && second <= first * 1.5 && second <= limitMb, `${first} MB for ${few} nodes, ${second} MB for ${many}`);
  });

  it('is bounded for a run that loads it into PostgreSQL and proves it', async function () {
    const target = await postgresTarget(await requirePostgres(this));
    this.timeout(600_000);
    try {
      const path = join(folder, 'loaded.session');
      writeSession(path, sessionOf(many));
      /** [rows, of how many] of each event while the store is opened. */
      const told: (readonly [number, number | null])[] = [];
      const run = startCli(['run', path, '--target', target.flag, '--json', '--progress', 'ndjson'], {
        bundle: true,
        onEvent: (event) => {
          if (event.type === 'progress' && event.phase === 'open') told.push([event.rows, event.totalRows]);
        },
        environment: target.environment,
        cwd: folder,
      });
      const peak = await kernelPeakMb(run);
      const { verification, tables } = parseRun(await run.finished);
      const written = tables.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
      console.log(`      ${Math.round(peak)} MB for a run of ${many} nodes and ${3 * many} edges`);
      assert.deepEqual([verification.status, written], ['match', 4 * many]);
      assert.deepEqual(told.at(-1), [4 * many, 4 * many], 'records that were written as tables');
      assert.ok(
        told.some(([rows, of]) => rows > 0 && of === null),
        'records that were read',
      );
      assert.ok(peak > 0 && peak <= limitMb, `${peak} MB`);
    } finally {
      await target.remove();
    }
  });

  async function peakOf(nodes: number): Promise<number> {
    const path = join(folder, `${nodes}.session`);
    writeSession(path, sessionOf(nodes));
    const run = startCli(['inspect', path, '--json'], { bundle: true });
    const peak = await kernelPeakMb(run);
    const { stdout } = await run.finished;
    const { stores } = JSON.parse(stdout) as { stores: { tables: { name: string; rows: number }[] }[] };
    const rows = (kind: string): number =>
      (stores[0]?.tables ?? []).filter(({ name }) => name.startsWith(kind)).reduce((sum, table) => sum + table.rows, 0);
    assert.deepEqual([rows('node'), rows('edge'), rows('anchors')], [nodes, 3 * nodes, 4 * nodes]);
    return peak;
  }
});

function* sessionOf(nodes: number): Generator<SessionRecord> {
  const edgesOf = (node: number): readonly number[] => [0, 1, 2].map((turn) => nodes + 3 * node + turn);
  for (let node = 0; node < nodes; node++) {
    const fields = {
      title: `Report ${node}`,
      text: 'lorem ipsum '.repeat(20),
      number: BigInt(node),
      embedding: Array.from({ length: 16 }, (_, i) => (node + i) / 7),
    };
    yield { id: idOf(node), className: node % 5 === 0 ? 'Reporter' : 'Report', fields, root: null, edges: edgesOf(node).map(idOf) };
    for (const [turn, edge] of edgesOf(node).entries()) {
      const ends = { source: idOf(node), target: idOf((node * 7_919 + turn) % nodes), undirected: false };
      yield {
        id: idOf(edge),
        className: turn === 0 ? 'GenericEdge' : 'related_to',
        fields: turn === 0 ? {} : { weight: turn / 3 },
        root: null,
        ends,
      };
    }
  }
}
