import type { IndexAdvice, IndexEstimate } from '../model/index-advice.ts';

/** The whole advice as one text, for the evidence of an index: what, why, what it takes and what else there is. */
export function describeAdvice({ reasons, estimate, considered }: IndexAdvice): string {
  return [
    ...reasons,
    ...(estimate === null ? [] : [`Estimated: ${describeEstimate(estimate)}.`]),
    ...considered.map(({ choice, reason }) => `Instead ${choice}: ${reason}.`),
  ].join(' ');
}

/** "9 MB on disk, 11 MB of memory and 12 s to build". */
export function describeEstimate({ indexBytes, buildBytes, buildSeconds }: IndexEstimate): string {
  return `${megabytes(indexBytes)} on disk, ${megabytes(buildBytes)} of memory and ${durations(buildSeconds)} to build`;
}

export function buildSpace({ buildBytes, buildSeconds }: IndexEstimate): string {
  return `about ${megabytes(buildBytes)} of memory and ${durations(buildSeconds)}`;
}

function durations({ least, most }: IndexEstimate['buildSeconds']): string {
  const [from, to] = [duration(least), duration(most)];
  return from === to ? from : `${from} to ${to}`;
}

/** Two digits: it is an estimate. */
export function duration(seconds: number): string {
  if (seconds < 0.001) return 'less than 1 ms';
  if (seconds < 1) return `${Number((seconds * 1000).toPrecision(2))} ms`;
  if (seconds < 120) return `${Number(seconds.toPrecision(2))} s`;
  const minutes = seconds / 60;
  return minutes < 120 ? `${Number(minutes.toPrecision(2))} min` : `${count(Number((minutes / 60).toPrecision(2)))} h`;
}

export function megabytes(bytes: number): string {
  const value = bytes / 2 ** 20;
  return value < 1 ? 'less than 1 MB' : `${count(Number(value.toPrecision(2)))} MB`;
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}
