import type { CompiledPlan } from '../../plan/compiled-plan.ts';
import type { Target, TargetCapabilities } from '../../target/target.ts';
import { foundError, type Found } from './finding.ts';

/** Oldest PostgreSQL whose catalogs and types are used here; pgvector 0.8 needs the same. */
const oldestServer = 130_000;
/** Oldest pgvector that has HNSW. */
const hnswSince = [0, 5] as const;

/** Versions of the server and of pgvector, and whether the server takes writes at all. */
export async function checkServer(target: Target, compiled: CompiledPlan): Promise<readonly Found[]> {
  return [
    ...checkVersion(target.capabilities, target.label),
    ...(await checkWritable(target)),
    ...checkVector(target.capabilities, target.label, compiled),
  ];
}

export function checkVersion({ serverVersion }: TargetCapabilities, label: string): readonly Found[] {
  if (serverVersion >= oldestServer) return [];
  // 120022 is 12.22, and 90624 was 9.6.24.
  const version = serverVersion >= 100_000 ? `${Math.floor(serverVersion / 10_000)}` : `9.${Math.floor(serverVersion / 100) % 100}`;
  return [foundError('server-too-old', { target: label, version, needed: '13' })];
}

export function checkVector({ vectorVersion }: TargetCapabilities, label: string, compiled: CompiledPlan): readonly Found[] {
  if (!compiled.needsVector) return [];
  if (vectorVersion === null) return [foundError('vector-missing', { target: label })];
  const hnsw = compiled.postData.some((statement) => / USING "?hnsw"? /i.test(statement.sql));
  return hnsw ? checkHnsw(vectorVersion) : [];
}

export function checkHnsw(vectorVersion: string): readonly Found[] {
  const [major = 0, minor = 0] = vectorVersion.split('.').map(Number);
  const hasHnsw = major > hnswSince[0] || (major === hnswSince[0] && minor >= hnswSince[1]);
  return hasHnsw ? [] : [foundError('vector-too-old', { version: vectorVersion, needed: hnswSince.join('.') })];
}

/** Settings that make transactions read-only are undone by our sessions; a standby is not. */
async function checkWritable(target: Target): Promise<readonly Found[]> {
  const found = await target.query('SELECT pg_catalog.pg_is_in_recovery() AS standby');
  return found.rows[0]?.['standby'] === true ? [foundError('target-read-only', { target: target.label })] : [];
}
