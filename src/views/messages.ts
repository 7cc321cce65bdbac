import type { ErrorShape } from '../core/errors.ts';
import type { Loaded } from '../host/host.ts';
import type { SluiceNode } from './nodes.ts';
import type { TreeItemSpec, Translate } from './tree-item-spec.ts';

type Message = Extract<SluiceNode, { kind: 'message' }>;

/** Stands where children will be. `place` makes it unique in its view. */
export function loadingNode(place: string, t: Translate): Message {
  return { kind: 'message', id: `${place} loading`, text: t('Loading…') };
}

export function errorNode(place: string, error: ErrorShape): Message {
  return { kind: 'message', id: `${place} error`, text: error.message, error: true, remedy: error.remedy };
}

/** What to show instead of, or before, the children of something that loads in the background. */
export function stateNodes(loaded: Loaded<unknown>, place: string, t: Translate): readonly Message[] {
  if (loaded.error !== null) return [errorNode(place, loaded.error)];
  return loaded.value === null ? [loadingNode(place, t)] : [];
}

export function messageItem(node: Message): TreeItemSpec {
  const tooltip = [node.text, node.remedy ?? ''].filter((part) => part !== '').join('\n\n');
  return {
    label: node.text,
    ...(node.error === true ? { icon: { id: 'error', color: 'list.errorForeground' } } : {}),
    state: 'leaf',
    context: node.error === true ? 'message-error' : 'message',
    tooltip: escapeMarkdown(tooltip),
  };
}

/** Names and messages are shown as they are, whatever they hold. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~&$]/g, '\\$&');
}
