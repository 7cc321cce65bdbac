import { freezeSource, attachSource } from '/work/main/src/core/sources/registry.ts';
const log={debug(){},info(){},warn(){},error(){}};
const signal=new AbortController().signal;
const snap=await freezeSource('/tmp/h3/m.sqlite',{scratch:'/tmp/h3/scratch',signal});
const s=await attachSource(snap,log);
const cols=['id','org','name','qty','price','note','made','flag','doc','raw'];
for(let i=0;i<2;i++)for await(const _ of s.readBatches('m',{columns:cols,signal}));
