import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '../../../src/cli/commands/index.ts';
import { call } from './call.ts';

/** Words, the code of the error, and what its text must say. */
const badUsage: [readonly string[], string, RegExp][] = [
  [['rum', 'a.db'], 'bad-usage', /Unknown command 'rum'[^]*Did you mean run/],
  [['differ', 'a.sluice.json'], 'bad-usage', /Unknown command 'differ'[^]*Did you mean diff/],
  [['diff', 'store.db'], 'bad-usage', /not a plan file/],
  [['run'], 'bad-usage', /Missing required argument 'plan\|location'/],
  [['run', 'a', 'b'], 'bad-usage', /Too many arguments/],
  [['run', 'a', '--on-rejects', 'stop'], 'bad-usage', /Unknown option '--on-rejects'[^]*Did you mean --on-reject/],
  [['run', 'a', '--mode', 'merge'], 'bad-usage', /'merge' is invalid[^]*create, append, upsert, replace, sync/],
  [['run', 'a', '--jobs', '0'], 'bad-usage', /whole number of at least 1/],
  [['run', 'a', '--max-rejects', '1.5'], 'bad-usage', /whole number of at least 0/],
  [['run', 'a', '--tables', 'a,,b'], 'bad-usage', /list of names/],
  [['run', 'a', '--progress', 'loud'], 'bad-usage', /auto, none, ndjson/],
  [['run', 'store.db', '--run', 'r-0123456789ab'], 'bad-usage', /--run names the run to resume/],
  [['run', 'plan.sluice.json', '--identifiers', 'snake'], 'bad-usage', /no effect on a plan/],
  [['rollback', 'r-1'], 'bad-usage', /12 hexadecimal digits/],
  [['report', 'r-0123456789ab', '--format', 'pdf'], 'bad-usage', /md, json, html/],
  [['inspect', 'a', '--sample', 'many'], 'bad-usage', /whole number/],
  [['run', 'nowhere.db'], 'path-not-found', /nowhere\.db/],
  [['verify', 'r-0123'], 'path-not-found', /r-0123/],
  [['run', 'store.db', '--target', 'production'], 'unknown-target', /env:NAME/],
  [['run', 'saved.sluice.json'], 'unknown-target', /profile saved in an editor/],
  [['run', 'store.db', '--target', 'env:NOT_SET'], 'target-variable-missing', /NOT_SET/],
  [['run', 'store.db', '--target', 'postgresql://app:hunter2@host:99999/shop'], 'bad-target-url', /cannot be used/],
  [['run', 'broken.sluice.json'], 'invalid-plan', /broken\.sluice\.json:1:\d+/],
  [['rollback', 'r-0123456789ab'], 'no-embedded-target', /\.sluice\/postgres/],
  [['embed', 'plan.sluice.json', '--table', 'a'], 'bad-usage', /'--endpoint <url>' not specified/],
  [['embed', 'store.db', '--table', 'a', '--endpoint', 'http://localhost/v1'], 'bad-usage', /not a plan file/],
  [
    ['embed', 'plan.sluice.json', '--table', 'a', '--endpoint', 'http://me:hunter2@host/v1'],
    'bad-embedding-endpoint',
    /user name or a password/,
  ],
  [
    ['embed', 'plan.sluice.json', '--table', 'a', '--endpoint', 'http://host/v1', '--key-env', 'NO_KEY'],
    'embedding-key-missing',
    /NO_KEY, which is not set/,
  ],
  [
    ['embed', 'plan.sluice.json', '--table', 'a', '--endpoint', 'http://host/v1', '--key-env', 'ODD_KEY'],
    'embedding-key-missing',
    /ODD_KEY, which holds spaces/,
  ],
  [['plan', 'plan.sluice.json', '--target', 'production'], 'unknown-target', /production/],
];

describe('bad usage ends with 2', () => {
  let folder: string;
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-usage-')));
    writeFileSync(join(folder, 'store.db'), 'no store at all');
    writeFileSync(join(folder, 'broken.sluice.json'), '{ "version": 1, ');
    const plan = { version: 1, name: 'a', sources: { main: { kind: 'sqlite', path: 'store.db' } }, tables: [] };
    writeFileSync(join(folder, 'plan.sluice.json'), JSON.stringify({ ...plan, target: { profile: 'embedded' } }));
    writeFileSync(join(folder, 'saved.sluice.json'), JSON.stringify({ ...plan, target: { profile: 'production' } }));
  });
  after(() => {
    assert.ok(!existsSync(join(folder, '.sluice')), 'nothing was made');
    rmSync(folder, { recursive: true });
  });

  const environment = { ODD_KEY: 'hunter2\n' };
  for (const [words, code, text] of badUsage) {
    it(`sluice ${words.join(' ')}`, async () => {
      const people = await call(words, { cwd: folder, environment });
      assert.equal(people.code, 2, people.stderr);
      assert.equal(people.stdout, '');
      assert.match(people.stderr, text);

      const scripts = await call([...words, '--json'], { cwd: folder, environment });
      assert.equal(scripts.code, 2);
      const { error } = JSON.parse(scripts.stdout) as {
        error: { code: string; kind: string; message: string; remedy: string; context: object };
      };
      assert.equal(error.code, code);
      assert.equal(error.kind, 'terminal');
      assert.ok(error.remedy.length > 0 && typeof error.context === 'object');
      assert.match(`${error.message}\n${error.remedy}`, text);
      assert.ok(!`${people.stderr}${scripts.stdout}${scripts.stderr}`.includes('hunter2'));
    });
  }

  it('warns before texts and a key go to another machine without encryption', async () => {
    const words = ['embed', 'plan.sluice.json', '--table', 'a', '--key-env', 'KEY', '--endpoint'];
    const surroundings = { cwd: folder, environment: { KEY: 'hunter2' } };
    // There is no target yet, so that nothing is ever sent.
    const exposed = await call([...words, 'http://host.invalid/v1'], surroundings);
    assert.match(
      exposed.stderr,
      /^warning: texts and key go to http:\/\/host\.invalid\/v1\/embeddings without encryption;.*\nerror: There is no embedded/,
    );
    assert.ok(!exposed.stderr.includes('hunter2'));
    assert.match((await call([...words, 'https://host.invalid/v1'], surroundings)).stderr, /^error: There is no embedded/);
  });
});

describe('help', () => {
  it('is pointed to when no command was given', async () => {
    const { code, stdout, stderr } = await call([]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /No command was given\.\n {2}Run `sluice --help`/);
  });
  it('names every command and ends with 0', async () => {
    const { code, stdout, stderr } = await call(['--help']);
    assert.deepEqual([code, stderr], [0, '']);
    for (const { name } of commands) assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
  });
  it('exists for every command', async () => {
    for (const { name } of commands) {
      const { code, stdout } = await call([name, '--help']);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Usage: sluice ${name} `));
    }
  });
  it('has the version of package.json', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as { version: string };
    assert.deepEqual(await call(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' });
  });
  it('lists the commands in alphabetical order', () => {
    const names = commands.map((command) => command.name);
    assert.deepEqual(names, names.toSorted());
  });
});
