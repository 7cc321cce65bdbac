/** What the nodes of the four views carry, so that commands in their menus know what they are about. `contextValue` of the tree item = `kind` (+ suffixes). */
export type SluiceNode =
  | { readonly kind: 'store'; readonly path: string }
  | { readonly kind: 'store-table'; readonly path: string; readonly table: string }
  | { readonly kind: 'store-column'; readonly path: string; readonly table: string; readonly column: string }
  | { readonly kind: 'target'; readonly profile: string }
  | { readonly kind: 'schema'; readonly profile: string; readonly schema: string }
  | { readonly kind: 'target-table'; readonly profile: string; readonly schema: string; readonly table: string }
  | { readonly kind: 'target-column'; readonly profile: string; readonly schema: string; readonly table: string; readonly column: string }
  | { readonly kind: 'group'; readonly id: string; readonly parent: SluiceNode; readonly label: string }
  | {
      readonly kind: 'constraint' | 'index';
      readonly profile: string;
      readonly schema: string;
      readonly table: string;
      readonly name: string;
    }
  | { readonly kind: 'plan-table'; readonly uri: string; readonly table: number }
  | { readonly kind: 'plan-column'; readonly uri: string; readonly table: number; readonly column: number }
  | { readonly kind: 'plan-remark'; readonly uri: string; readonly id: string }
  | { readonly kind: 'plan-changes'; readonly uri: string; readonly change: 'adds' | 'deletes' | 'alters' }
  | { readonly kind: 'plan-change'; readonly uri: string; readonly change: 'adds' | 'deletes' | 'alters'; readonly index: number }
  | { readonly kind: 'run'; readonly key: string }
  | { readonly kind: 'run-table'; readonly key: string; readonly table: string }
  | { readonly kind: 'run-rejects'; readonly key: string; readonly table: string }
  | { readonly kind: 'run-reject'; readonly key: string; readonly table: string; readonly index: number }
  | { readonly kind: 'run-orphans'; readonly key: string; readonly table: string }
  | { readonly kind: 'run-orphan'; readonly key: string; readonly table: string; readonly index: number }
  | { readonly kind: 'engine' }
  | { readonly kind: 'message'; readonly id: string; readonly text: string; readonly error?: boolean; readonly remedy?: string }
  | { readonly kind: 'load-more'; readonly view: string; readonly parent: string };
