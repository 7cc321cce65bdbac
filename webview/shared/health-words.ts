import type { HealthCheck, HealthCheckName } from '../../src/core/model/vector-health.ts';
import { element, icon } from './dom.ts';

/** What a check looks at, for people. */
export const checkTitles: Readonly<Record<HealthCheckName, string>> = {
  dimensions: 'Dimensions',
  finite: 'NaN and infinity',
  zero: 'Zero vectors',
  norms: 'Norms',
  duplicates: 'Equal vectors',
  'constant-dimensions': 'Constant dimensions',
  missing: 'Missing vectors',
};

const verdicts: Readonly<Record<HealthCheck['state'], { readonly icon: string; readonly word: string }>> = {
  ok: { icon: 'pass', word: 'ok' },
  warning: { icon: 'warning', word: 'warning' },
  problem: { icon: 'error', word: 'problem' },
  skipped: { icon: 'circle-slash', word: 'not examined' },
};

/** The verdict of a check: an icon, and the word for it. */
export function verdict(state: HealthCheck['state']): HTMLElement {
  const { icon: name, word } = verdicts[state];
  return element('span', { class: `health-verdict ${state}` }, icon(name), word);
}
