/** How the files of a layer are run: `beside` are lists that run at the same time, each in a process of its own, and then those of `alone`. */
export interface Lanes {
  readonly beside: readonly (readonly string[])[];
  readonly alone: readonly string[];
}

/** Tests that wait for something to be idle for tenths of a second, cancel at a certain moment, or hold a process to a limit of memory. */
export const aloneFiles: readonly string[] = [
  'test/integration/browse/browse-session.test.ts',
  'test/integration/cases/sizes.test.ts',
  'test/integration/cli-cancel.test.ts',
  'test/integration/embedded-broker.test.ts',
  'test/integration/embedded-process.test.ts',
  'test/integration/host-engines.test.ts',
];

/** About how many seconds the longer files take. Only the balance depends on it, so that a few seconds more or less do no harm. */
export const longFiles: Readonly<Record<string, number>> = {
  'test/integration/browse/compare-rows.test.ts': 8,
  'test/integration/browse/vector-map.test.ts': 25,
  'test/integration/cases/dates.test.ts': 5,
  'test/integration/cases/delimited-files.test.ts': 13,
  'test/integration/cases/delimited-resume.test.ts': 25,
  'test/integration/cases/delimited.test.ts': 49,
  'test/integration/cases/documents.test.ts': 33,
  'test/integration/cases/duckdb-nested.test.ts': 28,
  'test/integration/cases/duckdb-scalars.test.ts': 5,
  'test/integration/cases/duckdb-stores.test.ts': 6,
  'test/integration/cases/jac.test.ts': 45,
  'test/integration/cases/keys.test.ts': 30,
  'test/integration/cases/long-vectors.test.ts': 17,
  'test/integration/cases/names.test.ts': 7,
  'test/integration/cases/parquet-resume.test.ts': 8,
  'test/integration/cases/partitions.test.ts': 36,
  'test/integration/cases/source-neighbours.test.ts': 45,
  'test/integration/cases/vector-health.test.ts': 8,
  'test/integration/cases/vectors.test.ts': 45,
  'test/integration/cases/wide-tables.test.ts': 5,
  'test/integration/cli-duplicates.test.ts': 10,
  'test/integration/cli-embed.test.ts': 5,
  'test/integration/cli-files.test.ts': 6,
  'test/integration/cli-neighbours.test.ts': 12,
  'test/integration/cli-rejects.test.ts': 5,
  'test/integration/cli-rows.test.ts': 4,
  'test/integration/cli.test.ts': 50,
  'test/integration/conversation-ai.test.ts': 65,
  'test/integration/council.test.ts': 37,
  'test/integration/demo.test.ts': 5,
  'test/integration/dira.test.ts': 30,
  'test/integration/doctor.test.ts': 10,
  'test/integration/duckdb-missing.test.ts': 8,
  'test/integration/duplicates.test.ts': 32,
  'test/integration/embed-rows.test.ts': 5,
  'test/integration/host-models.test.ts': 4,
  'test/integration/neighbours-at-scale.test.ts': 45,
  'test/integration/pgbouncer.test.ts': 4,
  'test/integration/random-stores.test.ts': 85,
  'test/integration/rca.test.ts': 34,
  'test/integration/run/backup-of-files.test.ts': 8,
  'test/integration/run/backup.test.ts': 31,
  'test/integration/run/counted-changes.test.ts': 34,
  'test/integration/run/diff-schemas.test.ts': 15,
  'test/integration/run/document-groups.test.ts': 23,
  'test/integration/run/index-builds.test.ts': 13,
  'test/integration/run/key-violations.test.ts': 5,
  'test/integration/run/modes-circles.test.ts': 56,
  'test/integration/run/modes-property.test.ts': 41,
  'test/integration/run/modes-refused.test.ts': 11,
  'test/integration/run/modes-resume.test.ts': 60,
  'test/integration/run/modes-retry.test.ts': 23,
  'test/integration/run/modes.test.ts': 30,
  'test/integration/run/orphans.test.ts': 38,
  'test/integration/run/parity.test.ts': 10,
  'test/integration/run/partitions.test.ts': 17,
  'test/integration/run/preflight.test.ts': 49,
  'test/integration/run/rejects.test.ts': 33,
  'test/integration/run/resume.test.ts': 5,
  'test/integration/run/retry-rejects.test.ts': 31,
  'test/integration/run/roll-back.test.ts': 5,
  'test/integration/run/several-sources.test.ts': 50,
  'test/integration/run/sync-property.test.ts': 29,
  'test/integration/run/sync-resume.test.ts': 31,
  'test/integration/run/sync-watermark.test.ts': 29,
  'test/integration/run/sync.test.ts': 33,
  'test/integration/sample-vectors.test.ts': 72,
  'test/integration/source-trouble.test.ts': 5,
  'test/integration/source-untouched.test.ts': 89,
  'test/integration/vector-health.test.ts': 8,
  'test/integration/widgettdc.test.ts': 69,
};
const usual = 3;

/** Deals files to `count` lanes, the longest first, each to the lane that has least to do. Within a lane they keep their order. */
export function dealFiles(files: readonly string[], count: number, seconds = longFiles, alone = aloneFiles): Lanes {
  const lanes = Array.from({ length: count }, () => ({ files: [] as string[], seconds: 0 }));
  const cost = (file: string): number => seconds[file] ?? usual;
  const dealt = files.filter((file) => !alone.includes(file)).toSorted((a, b) => cost(b) - cost(a));
  for (const file of dealt) {
    const least = lanes.reduce((found, lane) => (lane.seconds < found.seconds ? lane : found));
    least.files.push(file);
    least.seconds += cost(file);
  }
  return {
    beside: lanes.map((lane) => lane.files.toSorted()).filter((lane) => lane.length > 0),
    alone: files.filter((file) => alone.includes(file)),
  };
}
