import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MigrationError, type TargetChoice } from '../../../src/core/index.ts';
import { chooseTarget, planProfile, requireExisting, type TargetWish } from '../../../src/cli/target-choice.ts';

const secret = 'hunter2-Täst';

describe('choice of the target', () => {
  let root: string;
  let warnings: string[];
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-target-')));
    warnings = [];
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const choose = (wish: TargetWish, environment: Record<string, string> = {}, cwd = root): TargetChoice =>
    chooseTarget(wish, { cwd, environment, warn: (text) => warnings.push(text) });
  const refused = (code: string, work: () => unknown) =>
    assert.throws(work, (error) => error instanceof MigrationError && error.code === code);

  it('is the embedded target in the working directory by default', () => {
    assert.deepEqual(choose({ flag: undefined }), {
      kind: 'embedded',
      directory: join(root, '.sluice/postgres'),
      name: 'embedded:.sluice/postgres',
    });
  });
  it('is made beside the plan', () => {
    assert.deepEqual(choose({ flag: undefined, planPath: join(root, 'plans/a.sluice.json') }), {
      kind: 'embedded',
      directory: join(root, 'plans/.sluice/postgres'),
      name: 'embedded:plans/.sluice/postgres',
    });
  });
  it('is the nearest one upward from the plan', () => {
    mkdirSync(join(root, '.sluice/postgres'), { recursive: true });
    mkdirSync(join(root, 'plans/deep'), { recursive: true });
    const choice = choose({ flag: 'embedded', planPath: join(root, 'plans/deep/a.sluice.json') }, {}, join(root, 'plans'));
    assert.deepEqual(choice, {
      kind: 'embedded',
      directory: join(root, '.sluice/postgres'),
      name: `embedded:${join(root, '.sluice/postgres')}`,
    });
  });
  it('is a directory from the working directory when the flag names one, from the plan when the plan does', () => {
    const planPath = join(root, 'plans/a.sluice.json');
    assert.equal((choose({ flag: 'embedded:db', planPath }) as { directory: string }).directory, join(root, 'db'));
    assert.equal(
      (choose({ flag: undefined, profile: 'embedded:db', planPath }) as { directory: string }).directory,
      join(root, 'plans/db'),
    );
  });

  it('takes a URL from the environment, and names the variable alone', () => {
    const choice = choose(
      { flag: 'env:SHOP' },
      { SHOP: `postgresql://app:${encodeURIComponent(secret)}@db.example:6543/shop?sslmode=require` },
    );
    assert.equal(choice.name, 'env:SHOP');
    assert.ok(choice.kind === 'postgres');
    assert.deepEqual(
      [
        choice.connection.host,
        choice.connection.port,
        choice.connection.user,
        choice.connection.database,
        choice.connection.password,
        choice.connection.sslMode,
      ],
      ['db.example', 6543, 'app', 'shop', secret, 'require'],
    );
    assert.deepEqual(warnings, []);
  });
  it('lets the flag beat the profile of the plan', () => {
    assert.equal(choose({ flag: 'env:A', profile: 'env:B' }, { A: 'postgresql://u@h/d' }).name, 'env:A');
    assert.equal(choose({ flag: undefined, profile: 'env:B' }, { B: 'postgresql://u@h/d' }).name, 'env:B');
  });
  it('refuses a variable that is missing, empty or no URL without showing its value', () => {
    refused('target-variable-missing', () => choose({ flag: 'env:NOWHERE' }));
    refused('target-variable-missing', () => choose({ flag: 'env:EMPTY' }, { EMPTY: '' }));
    assert.throws(
      () => choose({ flag: 'env:WRONG' }, { WRONG: secret }),
      (error) => error instanceof MigrationError && !`${error.message}${error.remedy}${JSON.stringify(error.context)}`.includes(secret),
    );
  });

  for (const url of [
    `postgresql://app:${secret}@db.example:6543/shop`,
    `postgres://app:${secret}@more@db.example:6543/shop`,
    `postgresql://app@db.example:6543/shop?password=${encodeURIComponent(secret)}&sslmode=require`,
  ]) {
    it(`warns of a password in a URL and never names it (${url.replaceAll(/hunter2[^&@]*/g, '…')})`, () => {
      const choice = choose({ flag: url });
      assert.equal(warnings.length, 1);
      assert.ok(!choice.name.includes('hunter2') && !warnings.join().includes('hunter2'));
      assert.match(choice.name, /^postgresql:\/\/app@db\.example:6543\/shop(\?sslmode=require)?$/);
      assert.ok(choice.kind === 'postgres' && choice.connection.password?.startsWith(secret) === true);
    });
  }
  it('does not warn of a URL without a password', () => {
    assert.equal(choose({ flag: 'postgresql://app@localhost/shop' }).name, 'postgresql://app@localhost:5432/shop');
    assert.deepEqual(warnings, []);
  });
  it('names a socket so that it can be used again', () => {
    const choice = choose({ flag: 'postgresql://app@/shop?host=/var/run/postgresql&port=5433' });
    assert.equal(choice.name, 'postgresql://app@/shop?host=%2Fvar%2Frun%2Fpostgresql&port=5433');
    assert.deepEqual(choose({ flag: choice.name }), choice);
  });

  it('refuses every other word and advises env:', () => {
    for (const wish of [{ flag: 'production' }, { flag: undefined, profile: 'production' }, { flag: 'mysql://u@h/d' }]) {
      assert.throws(
        () => choose(wish),
        (error) => error instanceof MigrationError && error.code === 'unknown-target' && error.remedy.includes('env:'),
      );
    }
  });

  it('does not make an embedded target by looking at it', () => {
    refused('no-embedded-target', () => requireExisting(choose({ flag: undefined })));
    mkdirSync(join(root, '.sluice/postgres'), { recursive: true });
    requireExisting(choose({ flag: undefined }));
  });

  it('writes no URL into a plan', () => {
    assert.equal(planProfile(undefined), 'embedded');
    assert.equal(planProfile('env:SHOP'), 'env:SHOP');
    assert.equal(planProfile(`postgresql://app:${secret}@h/d`), 'embedded');
  });
});
