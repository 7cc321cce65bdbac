import { freezeSource, attachSource } from '/work/main/src/core/sources/registry.ts';
import { createRequire } from 'node:module';
const D = createRequire('/work/main/package.json')('better-sqlite3');
const log={debug(){},info(){},warn(){},error(){}};
const signal=new AbortController().signal;
const snap=await freezeSource('/tmp/h3/m.sqlite',{scratch:'/tmp',signal});
const s=await attachSource(snap,log);
const cols=['id','org','name','qty','price','note','made','flag','doc','raw'];
const cpu=async(k:string,f:()=>any)=>{const c=process.cpuUsage();const t=performance.now();await f();const u=process.cpuUsage(c);console.log(k,(performance.now()-t|0)+' ms wall',((u.user+u.system)/1000|0)+' cpu')};
const db=new D('/tmp/h3/m.sqlite',{readonly:true});db.defaultSafeIntegers(true);
const a=db.prepare('select * from m where rowid>? order by rowid limit 1000').raw(), o=db.prepare('select * from m where rowid>? order by rowid').raw();
for(let i=0;i<3;i++){
await cpu('sluice reader',async()=>{for await(const _ of s.readBatches('m',{columns:cols,signal}));});
await cpu('plain all()',()=>{let x=0n;for(;;){const r=a.all(x);if(!r.length)break;x=r.at(-1)[0]}});
await cpu('plain iterate()',()=>{for(const _ of o.iterate(0n));});
await cpu('profile',()=>s.profile('m',{signal}));
await cpu('aggregates',()=>s.aggregates('m',cols));
}
