import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MigrationError, toErrorShape } from '../../../../src/core/errors.ts';
import type { TargetDiagnosis } from '../../../../src/core/index.ts';
import type { TargetTree } from '../../../../src/core/model/target-tree.ts';
import { TargetProfiles } from '../../../../src/host/targets/target-profiles.ts';
import { TargetsModel } from '../../../../src/host/targets/targets-model.ts';
import { FakeEngines, FakeMemory, FakeSecrets, settled } from '../../../helpers/fake-engines.ts';

const secret = 'hunter2-Täst';
const quoted = encodeURIComponent(secret);
const tree: TargetTree = { serverVersion: '15.18', vectorVersion: '0.8.0', vectorAvailable: '0.8.0', schemas: [] };
const diagnosis = { name: 'x', label: 'x', unmade: false, serverVersionText: 'PostgreSQL 15.18', runs: 0 } as TargetDiagnosis;

describe('targets of a window', () => {
  let root: string;
  let environment: Record<string, string>;
  let envText: string | null;
  let setting: string;
  let typed: string | undefined;
  let questions: number;
  let memory: FakeMemory;
  let globalMemory: FakeMemory;
  let secrets: FakeSecrets;
  let engines: FakeEngines;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-targets-')));
    [environment, envText, setting, typed, questions] = [{}, null, '', undefined, 0];
    [memory, globalMemory, secrets] = [new FakeMemory(), new FakeMemory(), new FakeSecrets()];
    engines = new FakeEngines({
      targetTree: () => tree,
      diagnose: () => ({ checks: [], diagnosis, error: null }),
      targetTable: () => ({ columns: [], constraints: [], indexes: [] }),
    });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function model(isAllowed = true): TargetsModel {
    const profiles = new TargetProfiles({
      base: () => root,
      embeddedSetting: () => setting,
      environment,
      readEnvFiles: async () => (envText === null ? [] : [{ origin: '.env', text: envText }]),
      workspaceMemory: memory,
      globalMemory,
      secrets,
      askPassword: async () => {
        questions += 1;
        return typed;
      },
    });
    return new TargetsModel({ engines, profiles, memory, isAllowed: () => isAllowed, onList: () => {} });
  }
  const ids = (targets: TargetsModel): readonly string[] => targets.list.map(({ profile }) => profile.id);
  const everythingShown = (targets: TargetsModel): string => JSON.stringify([targets.list, [...memory.values], [...globalMemory.values]]);

  it('offers the embedded target first, with a place relative to the workspace', () => {
    const targets = model();
    assert.deepEqual(targets.list[0]!.profile, {
      id: 'embedded',
      kind: 'embedded',
      label: 'embedded',
      detail: '.sluice/postgres',
      isProtected: false,
    });
    assert.equal(targets.current.id, 'embedded');
  });

  it('starts nothing for an embedded target that was never made', async () => {
    const targets = model();
    targets.load('embedded');
    targets.reload('embedded');
    await settled();
    assert.equal(targets.list[0]!.connected, false);
    assert.deepEqual(engines.asked, []);
  });

  it('shows an embedded target that exists', async () => {
    mkdirSync(join(root, '.sluice/postgres'), { recursive: true });
    const targets = model();
    targets.load('embedded');
    targets.load('embedded');
    assert.equal(targets.find('embedded')!.tree.loading, true);
    await settled();
    assert.equal(targets.find('embedded')!.tree.value?.serverVersion, '15.18');
    assert.equal(engines.count('targetTree'), 1);
  });

  it('offers nothing and resolves nothing without trust', async () => {
    const targets = model(false);
    assert.deepEqual(targets.list, []);
    await assert.rejects(targets.resolve('embedded'), { code: 'workspace-not-trusted' });
  });

  describe('the embedded directory', () => {
    it('is beside the plan where nothing is made yet, and the profile goes with it', async () => {
      const targets = model();
      const choice = await targets.resolve('embedded', { planPath: join(root, 'plans/a.sluice.json') });
      assert.deepEqual(choice, {
        kind: 'embedded',
        directory: join(root, 'plans/.sluice/postgres'),
        name: 'embedded:plans/.sluice/postgres',
      });
      assert.equal(targets.list[0]!.profile.detail, 'plans/.sluice/postgres');
      assert.equal(targets.embeddedId(join(root, 'plans/.sluice/postgres')), 'embedded');
      assert.deepEqual(await targets.resolve('embedded'), choice);
    });
    it('stays where a database is; a plan that leads elsewhere gets a profile of its own', async () => {
      mkdirSync(join(root, '.sluice/postgres'), { recursive: true });
      const other = join(root, 'deep/.sluice/postgres');
      mkdirSync(other, { recursive: true });
      const targets = model();
      const choice = await targets.resolve('embedded', { planPath: join(root, 'deep/a.sluice.json') });
      assert.equal((choice as { directory: string }).directory, other);
      assert.equal(targets.embeddedId(other), `embedded:${other}`);
      assert.deepEqual(ids(targets), ['embedded', `embedded:${other}`]);
      assert.equal(targets.find('embedded')!.profile.detail, '.sluice/postgres');
      const again = await targets.resolve(`embedded:${other}`, { planPath: join(root, 'plans/b.sluice.json') });
      assert.equal((again as { directory: string }).directory, other);
    });
    it('is the nearest one upward from the plan', async () => {
      mkdirSync(join(root, '.sluice/postgres'), { recursive: true });
      const choice = await model().resolve('embedded', { planPath: join(root, 'deep/er/a.sluice.json') });
      assert.equal((choice as { directory: string }).directory, join(root, '.sluice/postgres'));
    });
    it('is what the setting says, whatever the plan', async () => {
      setting = 'db/here';
      const choice = await model().resolve('embedded', { planPath: join(root, 'deep/a.sluice.json') });
      assert.equal((choice as { directory: string }).directory, join(root, 'db/here'));
    });
    it('of a plan that names one is relative to the plan', async () => {
      const choice = await model().resolve('embedded:db', { planPath: join(root, 'deep/a.sluice.json') });
      assert.equal((choice as { directory: string }).directory, join(root, 'deep/db'));
    });
  });

  describe('variables', () => {
    it('are offered when they hold an address, and no secret is shown or kept', async () => {
      environment['DATABASE_URL'] = `postgresql://app:${quoted}@db.example:6543/shop`;
      environment['PATH'] = '/bin';
      envText = `# comment\nSTAGING="postgres://me:${quoted}@stage.example/shop"\nDATABASE_URL=postgresql://x:${quoted}@other/db\nKEY=abc\n`;
      const targets = model();
      await targets.readVariables();
      assert.deepEqual(ids(targets), ['embedded', 'env:DATABASE_URL', 'env:STAGING']);
      assert.equal(targets.find('env:DATABASE_URL')!.profile.detail, 'environment · db.example:6543/shop');
      assert.equal(targets.find('env:STAGING')!.profile.detail, '.env · stage.example:5432/shop');
      assert.ok(!everythingShown(targets).includes('hunter2'));
      const choice = await targets.resolve('env:STAGING');
      assert.ok(choice.kind === 'postgres' && choice.connection.password === secret && choice.name === 'env:STAGING');
    });
    it('are read anew when they are used', async () => {
      const targets = model();
      await targets.readVariables();
      envText = 'NEW=postgresql://a@b/c';
      const choice = await targets.resolve('env:NEW');
      assert.ok(choice.kind === 'postgres' && choice.connection.host === 'b');
    });
    it('that are missing or hold something else are refused without their value', async () => {
      environment['WRONG'] = secret;
      for (const id of ['env:WRONG', 'env:NOWHERE']) {
        await assert.rejects(
          model().resolve(id),
          (error) =>
            error instanceof MigrationError &&
            error.code === 'target-variable-missing' &&
            !JSON.stringify({ ...error, m: error.message }).includes('hunter2'),
        );
      }
    });
    it('are connected only by a test, which loads the tree', async () => {
      environment['DATABASE_URL'] = 'postgresql://app@db.example/shop';
      const targets = model();
      targets.load('env:DATABASE_URL');
      assert.equal(targets.find('env:DATABASE_URL')!.connected, false);
      assert.equal(engines.asked.length, 0);
      await targets.test('env:DATABASE_URL');
      await settled();
      const entry = targets.find('env:DATABASE_URL')!;
      assert.deepEqual([entry.connected, entry.tree.value], [true, tree]);
    });
  });

  describe('saved targets', () => {
    const url = `postgresql://app:${quoted}@db.example:6543/shop?sslmode=require`;

    it('keep their password in the secret storage alone', async () => {
      const targets = model();
      const profile = await targets.save({ name: 'staging', url, isProtected: true });
      assert.deepEqual(profile, { id: 'staging', kind: 'saved', label: 'staging', detail: 'app@db.example:6543/shop', isProtected: true });
      assert.ok(!everythingShown(targets).includes('hunter2'));
      assert.deepEqual([...secrets.values], [['sluice.password.staging', secret]]);
      const choice = await targets.resolve('staging');
      assert.ok(choice.kind === 'postgres' && choice.connection.password === secret && choice.connection.sslMode === 'require');
      assert.equal(choice.name, 'postgresql://app@db.example:6543/shop?sslmode=require');
      assert.equal(questions, 0);
    });
    it('cut a password with characters that should have been encoded', async () => {
      const targets = model();
      await targets.save({ name: 'raw', url: `postgresql://app:hunter2@more@db.example/shop`, isProtected: false });
      assert.ok(!everythingShown(targets).includes('hunter2'));
    });
    it('ask for a password once, and end when it is not given', async () => {
      const targets = model();
      await targets.save({ name: 'staging', url: 'postgresql://app@db.example/shop', isProtected: false });
      await assert.rejects(targets.resolve('staging'), { code: 'cancelled' });
      typed = secret;
      const choice = await targets.resolve('staging');
      assert.ok(choice.kind === 'postgres' && choice.connection.password === secret);
      await targets.resolve('staging');
      assert.equal(questions, 2);
    });
    it('take an empty answer for "no password" in this window', async () => {
      const targets = model();
      await targets.save({ name: 'staging', url: 'postgresql://app@db.example/shop', isProtected: false });
      typed = '';
      const choice = await targets.resolve('staging');
      await targets.resolve('staging');
      assert.ok(choice.kind === 'postgres' && choice.connection.password === null);
      assert.deepEqual([questions, secrets.values.size], [1, 0]);
    });
    it('forget a password that the server refuses', async () => {
      const targets = model();
      await targets.save({ name: 'staging', url, isProtected: false });
      engines.answers.diagnose = () => ({ checks: [], diagnosis: null, error: toErrorShape(new MigrationError('wrong-password')) });
      assert.equal((await targets.test('staging')).error?.code, 'wrong-password');
      assert.equal(secrets.values.size, 0);
      assert.equal(targets.find('staging')!.connected, false);
    });
    it('are removed with their password', async () => {
      const targets = model();
      await targets.save({ name: 'staging', url, isProtected: false });
      targets.setCurrent('staging');
      assert.equal(targets.current.id, 'staging');
      await targets.remove('staging');
      assert.deepEqual([ids(targets), secrets.values.size, targets.current.id], [['embedded'], 0, 'embedded']);
    });
    for (const name of ['', 'embedded', 'embedded:x', 'env:X', url]) {
      it(`cannot be named ${JSON.stringify(name.replace(quoted, '…'))}`, async () => {
        await assert.rejects(
          model().save({ name, url, isProtected: false }),
          (error) => error instanceof MigrationError && error.code === 'bad-usage' && !error.message.includes('hunter2'),
        );
      });
    }
  });

  it('keeps an error beside the target, with what was known', async () => {
    mkdirSync(join(root, '.sluice/postgres'), { recursive: true });
    const targets = model();
    targets.load('embedded');
    await settled();
    targets.loadTable('embedded', 'public', 'a.b');
    await settled();
    engines.answers.targetTree = () => {
      throw new MigrationError('embedded-in-use', { context: { directory: 'x' } });
    };
    targets.reload('embedded');
    await settled();
    const entry = targets.find('embedded')!;
    assert.deepEqual([entry.tree.error?.code, entry.tree.value, entry.tree.loading], ['embedded-in-use', tree, false]);
    assert.equal(engines.count('targetTable'), 2);
    assert.deepEqual(entry.tables.get('public.a.b')?.value?.columns, []);
  });

  it('does not know other words', async () => {
    await assert.rejects(model().resolve('production'), { code: 'unknown-target' });
  });
});
