import type { RunEntry } from '../../host/host.ts';
import { formatCount } from '../format-quantity.ts';
import type { Translate } from '../tree-item-spec.ts';
import { liveFacts } from './run-item.ts';

/** "Sluice 62 % · 11,510 rows/s · 6 s left", "Sluice: keys and indexes"; null when no run is live. */
export function runStatusText(runs: readonly RunEntry[], t: Translate): string | null {
  const live = runs.filter((run) => run.live);
  const [only] = live;
  if (only === undefined) return null;
  if (live.length > 1) return t('Sluice: {0} runs', live.length);
  const [first = '', ...rest] = liveFacts(only, t);
  const { progress, status } = only;
  const moving = status !== 'cancelling' && progress !== null && (progress.phase === 'data' || progress.phase === 'verify');
  const rate = moving && progress.rate > 0 ? [t('{0} rows/s', formatCount(progress.rate))] : [];
  const facts = [first, ...rate, ...rest].join(' · ');
  return /^\d/.test(first) ? `Sluice ${facts}` : `Sluice: ${facts}`;
}
