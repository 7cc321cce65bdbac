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

/** Seconds of a core that a file takes, of those that take more than `seconds` of a usual one; only the balance depends on them. */
export const longFiles: Readonly<Record<string, number>> = {};
const usual = 8;

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
