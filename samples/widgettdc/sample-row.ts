import type { SeededRandom } from '../seeded-random.ts';

/** Column → value; column order is the order of the keys. */
export type SampleRow = Readonly<Record<string, string | number | bigint | Uint8Array | null>>;

export const organisations = ['widget-org', 'acme', 'tdc.dk', 'ørsted-labs', 'Org With Spaces', '東京-team'] as const;

export const topics = ['billing', 'latency', 'onboarding', 'security', 'release', 'hiring', 'roadmap', 'incident'] as const;

/** 2024-01-01T00:00:00Z, the first second of the ordinary times in the store. */
export const firstSecond = 1704067200;

const openings = [
  'Customer asked about',
  'Agent noted',
  'Follow-up on',
  'Summary of',
  'Open question:',
  'Decision log for',
  'Retrospective of',
];
const objects = [
  'the invoice export',
  'slow dashboards',
  'the SSO roll-out',
  'p95 latency',
  'the Q3 roadmap',
  'a failed nightly job',
  'the new widget',
];
const endings = [
  'needs an owner.',
  'was resolved.',
  'is blocked by legal.',
  'went better than planned.',
  'should be revisited next week.',
  '→ see thread.',
];

export function sentence(random: SeededRandom): string {
  return `${random.pick(openings)} ${random.pick(objects)} ${random.pick(endings)}`;
}

/** `2024-03-01 12:34:56`, as CURRENT_TIMESTAMP writes it. */
export function sqliteTime(second: number): string {
  return isoTime(second).slice(0, 19).replace('T', ' ');
}

/** `2024-03-01T12:34:56.000Z`, as the JavaScript side of the prototype wrote it. */
export function isoTime(second: number): string {
  return new Date(second * 1000).toISOString();
}
