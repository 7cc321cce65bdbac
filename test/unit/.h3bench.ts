import { freezeSource, attachSource } from '/work/main/src/core/sources/registry.ts';
import { TableProfiler } from '/work/main/src/core/inference/table-profiler.ts';
const log={debug(){},info(){},warn(){},error(){}};
const signal=new AbortController().signal;
const snap=await freezeSource(process.argv[2]!,{scratch:'/tmp/h3/scratch',signal});
const s=await attachSource(snap,log);
const table=process.argv[3]!;
const cat=await s.introspect(); const cols=cat.tables.find(t=>t.name===table)!.columns.map(c=>c.name);
const cpu=async(k:string,f:()=>Promise<void>)=>{const c=process.cpuUsage();const t=performance.now();await f();const u=process.cpuUsage(c);console.log(k,(performance.now()-t).toFixed(0),'ms wall',(u.user/1000).toFixed(0),'user',(u.system/1000).toFixed(0),'sys')};
for(let i=0;i<3;i++)await cpu('read',async()=>{for await(const _ of s.readBatches(table,{columns:cols,signal}));});
for(let i=0;i<2;i++)await cpu('profile',async()=>{await s.profile(table,{signal})});
const rows:any[]=[];for await(const b of s.readBatches(table,{columns:cols,signal})){rows.push(b.rows);if(rows.length>=100)break}
await cpu('profile only /100k rows, all',async()=>{const p=new TableProfiler(table,cols,100000);for(const r of rows)p.add(r)});
for(let c=0;c<cols.length;c++)await cpu('  '+cols[c],async()=>{const p=new TableProfiler(table,[cols[c]!],100000);for(const r of rows)p.add(r.map((x:any)=>[x[c]]))});
