import { reservedColumns, type GraphEdges } from '../../../model/graph-names.ts';
import type { PythonValue } from '../anchor.ts';
import type { ClassFacts } from './class-facts.ts';
import type { ColumnWord } from './field-facts.ts';
import { freeName, type ListedColumn } from './stored-table.ts';
import { listItems } from './field-facts.ts';
import { storeValue, type StoredValue } from './stored-value.ts';

/** A field of a class as a column. */
export interface FieldColumn extends ListedColumn {
  readonly field: string;
  readonly word: ColumnWord;
  /** An empty list stands for an embedding that was not computed. */
  readonly embeddings: boolean;
}

/** What every node, edge or object has; the module only where it tells records of one class apart. */
export function recordColumns({ kind, modules, endless }: ClassFacts): readonly ListedColumn[] {
  const column = (name: string, declared: string, nullable = false): ListedColumn => ({ name, declared, nullable });
  const ofEdges = [
    column('source_id', 'node', endless > 0),
    column('target_id', 'node', endless > 0),
    column('is_undirected', 'bool', endless > 0),
    column('position', 'position', true),
  ];
  return [
    column('id', 'UUID'),
    ...(kind === 'edge' ? ofEdges : []),
    column('root_id', 'UUID', true),
    column('access', 'object', true),
    ...(modules.size > 1 ? [column('module', 'name')] : []),
  ];
}

/** A field keeps its name; one that is called like what each record has, or differs from another in case only, is `fields.id`. */
export function fieldColumns(facts: ClassFacts): readonly FieldColumn[] {
  const taken = new Set<string>(reservedColumns);
  return facts.fieldNames().map((field) => {
    const name = freeName([field, `fields.${field}`], taken);
    const known = facts.fields.get(field);
    const word = known?.word() ?? 'None';
    const embeddings = known?.holdsEmbeddings(field) ?? false;
    const missing = facts.missing(field);
    return {
      field,
      name,
      ...(name !== field && { bareName: field }),
      declared: word,
      word,
      embeddings,
      nullable: embeddings || missing > 0 || word === 'None' || known?.counts.has('None') === true,
      found: known?.describe(missing) ?? '',
    };
  });
}

export function storeField(value: PythonValue | undefined, { word, embeddings }: FieldColumn): StoredValue {
  return embeddings && value !== undefined && listItems(value).length === 0 ? null : storeValue(value, word);
}

/** Edges that join one pair of classes only are called by their class alone. */
export function edgeNames({ edge, source, target }: GraphEdges, isOnly: boolean): readonly string[] {
  const long = [edge, source, target].filter((part) => part !== undefined).join('_');
  return isOnly ? [edge, long] : [long];
}

/** Said once for each class. */
export function moduleWarnings({ name, modules }: ClassFacts): readonly { readonly code: string; readonly message: string }[] {
  if (modules.size < 2) return [];
  const list = [...modules].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([module, records]) => `${module} (${records})`);
  const message = `Classes of the name ${name} come from several modules: ${list.join(', ')}. They share a table, whose column "module" tells them apart.`;
  return [{ code: 'same-class-name', message }];
}
