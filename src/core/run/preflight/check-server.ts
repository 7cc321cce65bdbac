import type { CompiledPlan } from '../../plan/compiled-plan.ts';
import type { Target, TargetCapabilities } from '../../target/target.ts';
import { foundError, type Found } from './finding.ts';

/** Oldest PostgreSQL whose catalogs and types are used here; pgvector 0.8 needs the same. */
const oldestServer = 130_000;

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
  const lacking = vectorFeatures.find(({ since, uses }) => !isSince(vectorVersion, since) && uses(compiled));
  return lacking === undefined ? [] : [tooOld(vectorVersion, lacking)];
}

/** Without a plan: HNSW is what every plan with vectors may ask for. */
export function checkHnsw(vectorVersion: string): readonly Found[] {
  return isSince(vectorVersion, hnsw.since) ? [] : [tooOld(vectorVersion, hnsw)];
}

function tooOld(version: string, { since, what, instead }: VectorFeature): Found {
  return foundError('vector-too-old', { version, needed: since.join('.'), detail: what, hint: instead });
}

interface VectorFeature {
  readonly what: string;
  /** What the plan can say instead. */
  readonly instead: string;
  readonly since: readonly [major: number, minor: number];
  readonly uses: (compiled: CompiledPlan) => boolean;
}

const hnsw: VectorFeature = {
  what: 'no HNSW index',
  instead: 'remove the HNSW indexes from the plan',
  since: [0, 5],
  uses: (compiled) => vectorIndexes(compiled).some((sql) => / USING "?hnsw"? /i.test(sql)),
};

/** What came to pgvector later, the latest first: https://github.com/pgvector/pgvector/blob/master/CHANGELOG.md */
const vectorFeatures: readonly VectorFeature[] = [
  {
    what: 'no type halfvec or sparsevec',
    instead: 'make the columns vector(n)',
    since: [0, 7],
    uses: ({ columnTypes }) => [...columnTypes.values()].flat().some((type) => /\b(?:halfvec|sparsevec)\b/.test(type)),
  },
  {
    what: 'no index on half precision, signs, a part of the elements or the L1 distance (halfvec, binary_quantize, bit, subvector)',
    instead: 'remove these indexes from the plan',
    since: [0, 7],
    uses: (compiled) =>
      vectorIndexes(compiled).some((sql) => /\b(?:(?:halfvec|sparsevec|bit)_\w+_ops|\w+_l1_ops)\b|\bsubvector"?\(/.test(sql)),
  },
  hnsw,
];

function vectorIndexes({ postData }: CompiledPlan): readonly string[] {
  return postData.map(({ sql }) => sql).filter((sql) => /^CREATE INDEX .* USING "?(?:hnsw|ivfflat)"? /is.test(sql));
}

function isSince(version: string, [major, minor]: VectorFeature['since']): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** Settings that make transactions read-only are undone by our sessions; a standby is not. */
async function checkWritable(target: Target): Promise<readonly Found[]> {
  const found = await target.query('SELECT pg_catalog.pg_is_in_recovery() AS standby');
  return found.rows[0]?.['standby'] === true ? [foundError('target-read-only', { target: target.label })] : [];
}
