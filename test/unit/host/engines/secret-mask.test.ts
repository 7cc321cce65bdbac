import assert from 'node:assert/strict';
import { SecretMask } from '../../../../src/host/engines/secret-mask.ts';

describe('SecretMask', () => {
  it('hides what looks like a password, in an address or a setting', () => {
    const mask = new SecretMask();
    assert.equal(mask.apply('at postgresql://app:s3cret@db:5432/shop'), 'at postgresql://app:***@db:5432/shop');
    assert.equal(
      mask.apply('postgres://app:a@b:c@db/shop?password=x&sslmode=require'),
      'postgres://app:***@db/shop?password=***&sslmode=require',
    );
    assert.equal(mask.apply(`{"password":"a b","user":"app"}`), `{"password":***,"user":"app"}`);
    assert.equal(mask.apply('PGPASSWORD=x ls'), 'PGPASSWORD=*** ls');
  });

  it('leaves other text alone', () => {
    const text = 'password authentication failed for user "app" at postgresql://app@db/shop';
    assert.equal(new SecretMask().apply(text), text);
  });

  it('hides the secrets of requests wherever they stand, in each of their forms', () => {
    const mask = new SecretMask();
    mask.learn({
      target: { connection: { user: 'app', password: 'p@ss "w"' } },
      subject: { target: { connection: { password: 'p@' } } },
      plan: null,
    });
    assert.equal(mask.apply('p@ss "w", p%40ss%20%22w%22, p@ss \\"w\\", p@'), '***, ***, ***, ***');
    assert.equal(mask.apply('app'), 'app');
  });

  it('learns from an environment and passes over bytes and what is empty', () => {
    const mask = new SecretMask();
    mask.learn({ PGPASSWORD: 'hunter2', PGUSER: 'app', OTHER_PASSWORD: '', bytes: new Uint8Array(3), none: undefined });
    assert.equal(mask.apply('app hunter2'), 'app ***');
  });
});
