import type { Phase } from '../../core/index.ts';
import type { Translate } from '../tree-item-spec.ts';

/** What goes on in a phase, in the words of the Runs view and of a run's notification. */
export function phaseTitle(phase: Phase, t: Translate): string {
  const titles: Record<Phase, string> = {
    open: t('opening source and target'),
    profile: t('reading every value'),
    preflight: t('checking the target'),
    'pre-data': t('creating tables'),
    compare: t('finding changes'),
    data: t('loading rows'),
    'post-data': t('keys and indexes'),
    verify: t('comparing every cell'),
    search: t('comparing vectors'),
    embed: t('computing embeddings'),
    health: t('examining vectors'),
  };
  return titles[phase];
}
