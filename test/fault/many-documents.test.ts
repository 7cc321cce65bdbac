import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineEvent } from '../../src/core/index.ts';
import { contentOfTarget, contentOfTree, writeTree } from '../helpers/document-tree.ts';
import { kernelPeakMb } from '../helpers/kernel-peak.ts';
import { requirePostgres, startCluster, type OwnCluster } from '../helpers/postgres.ts';
import { describeOutcome, parseRun, startCli, type CliOutcome } from '../helpers/run-cli.ts';

/** Documents, each in a file of its own; the long form is SLUICE_TEST_DOCUMENTS=200000. */
const many = Number(process.env['SLUICE_TEST_DOCUMENTS'] ?? 2_000);
const few = 2_000;
const isLong = many > few;
/** Few documents need large ones for several chunks. */
const words = isLong ? 10 : 800;
/** What is kept of each file while all of them are looked for and read, in bytes. */
const mostEach = 1_500;
const limitMb = 400;
/** Nobody waits longer without being told anything. */
const mostSilentMs = 10_000;
/** From the signal to the end of the process. */
const mostCancelMs = 1_000;

type When = 'finding' | 'reading' | 'profile' | 'data' | 'verify';

describe(`a tree of ${many} documents`, function () {
  this.timeout(isLong ? 1_800_000 : 120_000);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-many-documents-'));
  const tree = join(folder, 'data');
  let cluster: OwnCluster;
  let databases = 0;

  before(async function () {
    if (!existsSync('/proc/self/status')) this.skip();
    await requirePostgres(this);
    writeTree(tree, many, words);
    // What was committed has to survive.
    cluster = await startCluster({ fsync: true });
  });

  after(async () => {
    await cluster?.remove();
    rmSync(folder, { recursive: true });
  });

  it('is loaded whole in bounded memory, and says all the time how far it is', async () => {
    const { name, url } = await database();
    const first = isLong ? await peakOfFew() : 0;
    const { outcome, peakMb, silentMs, states } = await run(tree, url);
    const result = parseRun(outcome);
    assert.deepEqual([result.status, result.verification.status], ['done', 'match']);
    assert.deepEqual(await content(name), contentOfTree(tree));
    assert.ok(states.has('finding') && states.has('reading'), 'files are told while they are found and read');
    assert.ok(silentMs < mostSilentMs, `silent for ${silentMs} ms`);
    const bound = Math.max(limitMb, first + (many * mostEach) / 2 ** 20);
    assert.ok(peakMb > 0 && peakMb <= bound, `${peakMb} MB for ${many} documents, ${first} for ${few}`);
    if (isLong) process.stderr.write(`${JSON.stringify({ many, seconds: result.seconds, peakMb, fewMb: first, silentMs })}\n`);
  });

  for (const when of isLong ? (['finding', 'reading', 'profile', 'verify'] as const) : (['finding', 'reading'] as const))
    it(`is left within a second when it is cancelled while it is in ${when}`, async () => {
      const { url } = await database();
      const { outcome, endedMs } = await run(tree, url, { when, signal: 'SIGINT' });
      assert.equal(outcome.code, 130, describeOutcome(outcome));
      assert.ok(endedMs < mostCancelMs, `${endedMs} ms`);
      if (isLong) process.stderr.write(`cancelled in ${when}: ${endedMs} ms\n`);
    });

  it('is exact when it is cancelled and killed among its rows and goes on each time', async () => {
    const { name, url } = await database();
    const cancelled = await run(tree, url, { when: 'data', signal: 'SIGINT' });
    assert.equal(cancelled.outcome.code, 130, describeOutcome(cancelled.outcome));
    assert.ok(cancelled.endedMs < mostCancelMs, `${cancelled.endedMs} ms`);
    const killed = await run(tree, url, { when: 'data', signal: 'SIGKILL', resume: true });
    assert.equal(killed.outcome.signal, 'SIGKILL', describeOutcome(killed.outcome));
    const result = parseRun((await run(tree, url, { resume: true })).outcome);
    assert.deepEqual([result.status, result.verification.status], ['done', 'match']);
    assert.deepEqual(await content(name), contentOfTree(tree));
    assert.equal(await cluster.psql('SELECT count(*) FROM sluice.run', name), '1');
    if (isLong) process.stderr.write(`cancelled in data: ${cancelled.endedMs} ms\n`);
  });

  const content = (name: string): ReturnType<typeof contentOfTarget> => contentOfTarget((sql) => cluster.psql(sql, name), 'data');

  async function database(): Promise<{ readonly name: string; readonly url: string }> {
    const name = `documents_${++databases}`;
    return { name, url: await cluster.createDatabase(name) };
  }

  async function peakOfFew(): Promise<number> {
    const small = join(folder, 'few', 'data');
    writeTree(small, few, words);
    return (await run(small, (await database()).url)).peakMb;
  }
});

interface Ran {
  readonly outcome: CliOutcome;
  readonly peakMb: number;
  /** Longest time without an event. */
  readonly silentMs: number;
  /** From the signal to the end. */
  readonly endedMs: number;
  readonly states: ReadonlySet<string>;
}

/** One `sluice run`; `stop`: the signal that its group gets as soon as it is so far. */
async function run(
  tree: string,
  url: string,
  stop: { readonly when?: When; readonly signal?: NodeJS.Signals; readonly resume?: boolean } = {},
): Promise<Ran> {
  const args = ['run', tree, '--target', 'env:TREE_URL', '--json', '--progress', 'ndjson', '--jobs', '2'];
  let sentAt = 0;
  let told = performance.now();
  let silentMs = 0;
  const states = new Set<string>();
  const child = startCli([...args, ...(stop.resume === true ? ['--resume'] : [])], {
    bundle: true,
    environment: { TREE_URL: url },
    onEvent: (event) => {
      silentMs = Math.max(silentMs, performance.now() - told);
      told = performance.now();
      if (event.type === 'files') states.add(event.state);
      if (sentAt > 0 || stop.signal === undefined || !isAt(event, stop.when)) return;
      sentAt = performance.now();
      process.kill(-child.pid, stop.signal);
    },
  });
  const peakMb = await kernelPeakMb(child);
  const endedMs = Math.round(performance.now() - sentAt);
  return { outcome: await child.finished, peakMb, silentMs: Math.round(silentMs), endedMs, states };
}

/** In the middle of it, where it is long enough to have one. */
function isAt(event: EngineEvent, when: When | undefined): boolean {
  if (event.type === 'files') return event.state === when && event.files >= (when === 'reading' && isLong ? many / 2 : 0);
  if (event.type === 'progress') return event.phase === when && event.rows > 0;
  return event.type === 'phase' && event.phase === when && when === 'verify';
}
