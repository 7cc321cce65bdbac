import { startCluster } from './helpers/postgres.ts';
import { startPgbouncer } from './helpers/pgbouncer.ts';
import { runCli } from './helpers/run-cli.ts';
const c = await startCluster();
await c.createUser('app', 'pa%ss"w\'ord');
await c.createDatabase('shop');
process.env.PATH += ':/usr/sbin';
const run = async (url: string, ...more: string[]) => { const o = await runCli(['doctor','--target','env:X', ...more], { environment: { X: url } }); console.log('===', url, o.code); console.log(o.stdout.split('\n').slice(7).join('\n'), o.stderr); };
await run(c.url('shop'));
await run(c.url('shop', {user:'app', password: 'pa%ss"w\'ord'}));
await run(c.url('nowhere', {user:'app', password: 'pa%ss"w\'ord'}));
await run(c.url('shop', {user:'app', password: 'no'}));
for (const mode of ['transaction','session','statement'] as const) {
  const p = await startPgbouncer(c, { mode, databases: { shop: 'dbname=shop', one: 'dbname=shop pool_size=1' }, users: { app: 'pa%ss"w\'ord' } });
  for (const db of ['shop', 'one', 'nodb']) await run(`postgresql://app:${encodeURIComponent('pa%ss"w\'ord')}@127.0.0.1:${p.port}/${db}`);
  await p.close();
}
await c.remove();
