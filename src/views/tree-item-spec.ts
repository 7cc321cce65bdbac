import type { SluiceNode } from './nodes.ts';

/** A row of a tree as plain data; to-tree-item.ts makes the editor's item of it. */
export interface TreeItemSpec {
  readonly label: string;
  readonly description?: string;
  /** A codicon and a theme colour. */
  readonly icon?: { readonly id: string; readonly color?: string };
  readonly state: 'leaf' | 'collapsed' | 'expanded';
  /** Changes when the row becomes another one: the editor obeys `state` only for a row that it has not drawn before. */
  readonly variant?: string;
  /** For the `viewItem` conditions of menus. */
  readonly context: string;
  /** Markdown, without commands and HTML. */
  readonly tooltip?: string;
  /** Run by Enter or a click, with the node. */
  readonly command?: { readonly id: string; readonly title: string };
}

/** What one view shows. Both functions answer at once from what is known; what is missing is asked for in the background. */
export interface NodeTree {
  children(node: SluiceNode | undefined): readonly SluiceNode[];
  item(node: SluiceNode): TreeItemSpec;
}

/** vscode.l10n.t fits. */
export type Translate = (message: string, ...values: (string | number)[]) => string;
