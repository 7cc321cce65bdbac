import type { EngineState } from '../../host/engines.ts';
import { escapeMarkdown } from '../messages.ts';
import type { Translate, TreeItemSpec } from '../tree-item-spec.ts';

export function isEngineDown(state: EngineState): boolean {
  return state.kind === 'crashed' || state.kind === 'failed';
}

/** Says that the engine is down and why; its menu restarts it or shows the log. */
export function engineItem(state: EngineState, t: Translate): TreeItemSpec {
  const reason = state.kind === 'crashed' || state.kind === 'failed' ? state.reason : '';
  const label = state.kind === 'failed' ? t('Engine cannot start: {0}', reason) : t('Engine stopped: {0}', reason);
  const hint =
    state.kind === 'failed' ? t('Restart Engine tries again.') : t('It starts again when something is opened, or with Restart Engine.');
  return {
    label,
    icon: { id: 'error', color: 'list.errorForeground' },
    state: 'leaf',
    context: 'engine',
    tooltip: escapeMarkdown(`${label}\n\n${hint}`),
  };
}
