import { join } from 'node:path';
import { measure } from '../measure.ts';

/** Seconds of a schema diff of 200 tables that exist, on PostgreSQL and on the embedded target. */
export interface SchemaDiffSeconds {
  readonly postgres: number;
  readonly embedded: number;
}

export async function measureSchemaDiff(): Promise<SchemaDiffSeconds> {
  const ran = await measure([process.execPath, join(import.meta.dirname, '../../../scripts/bench-diff.ts'), '200']);
  if (ran.exitCode !== 0) throw new Error(`bench-diff.ts ended with ${ran.exitCode}:\n${ran.stderr}`);
  const seconds = (target: string): number => {
    const found = new RegExp(`^${target}\\t200 tables\\tafter\\t([\\d.]+) s`, 'm').exec(ran.stdout);
    if (found === null) throw new Error(`bench-diff.ts printed no time for ${target}:\n${ran.stdout}`);
    return Number(found[1]);
  };
  return { postgres: seconds('PostgreSQL'), embedded: seconds('embedded') };
}
