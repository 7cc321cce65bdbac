import { findNodeAtLocation, getNodeValue, parseTree } from 'jsonc-parser';
import type { ConverterName } from '../../model/type-mapping.ts';
import { parsePgType } from '../../sql/pg-type.ts';
import { vectorTypes } from '../../sql/type-names.ts';
import { setValues, type TextEdit, type ValueChange } from './set-values.ts';

/** A change that a person makes without writing JSON. `table` and `column` count from 0 in `tables` and `columns` of the file. */
export type PlanEdit =
  | { readonly kind: 'include'; readonly table: number; readonly include: boolean }
  | { readonly kind: 'rename-table'; readonly table: number; readonly to: string }
  | { readonly kind: 'column-type'; readonly table: number; readonly column: number; readonly type: string }
  | { readonly kind: 'accept-loss'; readonly table: number; readonly column: number };

/** The edit of the text of a plan file; comments and formatting stay. Empty when the table or column is not there or nothing would change. */
export function editPlan(text: string, edit: PlanEdit): readonly TextEdit[] {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const value: unknown = root === undefined ? undefined : getNodeValue(root);
  const at = root === undefined ? undefined : findNodeAtLocation(root, placeOf(edit));
  if (at === undefined) return [];
  return setValues(text, changesOf(value, getNodeValue(at) as LooseObject, edit));
}

type LooseObject = Readonly<Record<string, unknown>>;
type Path = (string | number)[];

function placeOf(edit: PlanEdit): Path {
  return 'column' in edit ? ['tables', edit.table, 'columns', edit.column] : ['tables', edit.table];
}

function changesOf(plan: unknown, object: LooseObject, edit: PlanEdit): readonly ValueChange[] {
  const path = placeOf(edit);
  switch (edit.kind) {
    case 'include':
      return edit.include ? removed(object, path, ['include']) : [{ path: [...path, 'include'], value: false, after: 'to' }];
    case 'rename-table':
      return renameTable(plan as LooseObject, object, edit.table, edit.to);
    case 'column-type':
      return changeType(object, path, edit.type);
    case 'accept-loss':
      return [{ path: [...path, 'accept'], value: true, after: 'loss' }];
  }
}

/**
 * What was counted for the old type says nothing about the new one: loss, its acceptance and the expected rejects go. A value that the new type does not
 * hold exactly is then turned away, never changed silently. Vectors may always round.
 */
function changeType(column: LooseObject, path: Path, type: string): readonly ValueChange[] {
  const gone = [
    ...(isVector(type) ? ['accept'] : ['loss', 'accept']),
    'expectedRejects',
    ...(convertersOf(column['convert']).every((converter) => canConvert(converter, type)) ? [] : ['convert']),
  ];
  return [{ path: [...path, 'type'], value: type }, ...removed(column, path, gone)];
}

/** Which types take a converter; beside `auto`, which goes with all. */
const converted: Readonly<Record<Exclude<ConverterName, 'auto'>, RegExp>> = {
  'epoch-s': /^(?:date|timestamp|timestamptz)$/,
  'epoch-ms': /^(?:date|timestamp|timestamptz)$/,
  'epoch-us': /^(?:date|timestamp|timestamptz)$/,
  julian: /^(?:date|timestamp|timestamptz)$/,
  'json-text': /^(?:json|jsonb|vector|halfvec)$/,
  'float32-blob': /^(?:vector|halfvec)$/,
  'float64-blob': /^(?:vector|halfvec)$/,
  'packed-bits': /^bit(?: varying)?$/,
  'packed-bits-low': /^bit(?: varying)?$/,
  'blob-text': /^(?:text|varchar|char|bpchar|citext|json|jsonb)$/,
  'text-hex': /^bytea$/,
  'decimal-comma': /^(?:smallint|integer|bigint|numeric|real|double precision)$/,
  'grouped-comma': /^(?:smallint|integer|bigint|numeric|real|double precision)$/,
  'date-dmy': /^date$/,
  'date-mdy': /^date$/,
};

/** Names in `convert`: of one converter, or of each rule. */
function convertersOf(convert: unknown): readonly string[] {
  if (Array.isArray(convert)) return convert.flatMap((rule) => convertersOf((rule as LooseObject | null)?.['convert']));
  const name = typeof convert === 'object' && convert !== null ? (convert as LooseObject)['name'] : convert;
  return typeof name === 'string' ? [name] : [];
}

function canConvert(converter: string, type: string): boolean {
  const types = (converted as Readonly<Record<string, RegExp>>)[converter];
  return types === undefined || types.test(nameOf(type));
}

function isVector(type: string): boolean {
  return vectorTypes.has(nameOf(type));
}

function nameOf(type: string): string {
  try {
    return parsePgType(type).name;
  } catch {
    return type;
  }
}

/** Foreign keys and sequences that name the table follow. */
function renameTable(plan: LooseObject, table: LooseObject, index: number, to: string): readonly ValueChange[] {
  const old = table['to'];
  const hasSchema = typeof old === 'object' && old !== null;
  const references = ['tables', 'targetOnly'].flatMap((list) =>
    objects(plan[list]).flatMap((other, i) =>
      objects(other['foreignKeys']).flatMap((key, j) => reference(key['references'], old, to, [list, i, 'foreignKeys', j, 'references'])),
    ),
  );
  const owners = objects(plan['sequences']).flatMap((sequence, i) => {
    const owner = sequence['ownedBy'] as LooseObject | null | undefined;
    return reference(owner?.['table'], old, to, ['sequences', i, 'ownedBy', 'table']);
  });
  return [{ path: ['tables', index, 'to', ...(hasSchema ? ['table'] : [])], value: to }, ...references, ...owners];
}

function reference(name: unknown, old: unknown, to: string, path: Path): readonly ValueChange[] {
  if (JSON.stringify(name) !== JSON.stringify(old)) return [];
  return [{ path: typeof name === 'string' ? path : [...path, 'table'], value: to }];
}

function objects(value: unknown): readonly LooseObject[] {
  return Array.isArray(value) ? value.map((item: unknown) => (typeof item === 'object' && item !== null ? (item as LooseObject) : {})) : [];
}

function removed(object: LooseObject, path: Path, keys: readonly string[]): readonly ValueChange[] {
  return keys.filter((key) => key in object).map((key) => ({ path: [...path, key], value: undefined }));
}
