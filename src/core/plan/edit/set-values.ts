import {
  applyEdits,
  findNodeAtLocation,
  modify,
  parseTree,
  type Edit,
  type JSONPath,
  type ModificationOptions,
  type Node,
} from 'jsonc-parser';

/** A replacement in a text; offsets in UTF-16 code units of the text before any edit. */
export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly content: string;
}

export interface ValueChange {
  readonly path: readonly (string | number)[];
  /** undefined takes the key or the element out. */
  readonly value: unknown;
  /** A new key comes behind this one instead of last. */
  readonly after?: string;
}

/** Changes values in JSON with comments. Comments stay, and a new key is written the way its object is: on one line or on lines of its own. */
export function setValues(text: string, changes: readonly ValueChange[]): readonly TextEdit[] {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const replaced = changes.map(({ path, value }) => {
    const node = root === undefined || value === undefined ? undefined : findNodeAtLocation(root, [...path]);
    return node === undefined ? null : { offset: node.offset, length: node.length, content: JSON.stringify(value) };
  });
  // Values in place keep their own edits, so that whatever stands between them is not touched.
  if (replaced.every((edit) => edit !== null)) return replaced.toSorted((a, b) => a.offset - b.offset);
  return trimmed(text, changes.reduce(setValue, text));
}

function setValue(text: string, { path, value, after }: ValueChange): string {
  const options: ModificationOptions =
    after === undefined ? {} : { getInsertionIndex: (keys) => (keys.includes(after) ? keys.indexOf(after) + 1 : keys.length) };
  const edits = elementRemoval(text, path, value) ?? modify(text, [...path], value, options);
  return applyEdits(
    text,
    edits.flatMap((edit) => respaced(text, edit, [...path])),
  );
}

/** The parser takes the last element of a list out only where the closing bracket has a line of its own. */
function elementRemoval(text: string, path: ValueChange['path'], value: unknown): Edit[] | null {
  const index = path.at(-1);
  if (value !== undefined || typeof index !== 'number') return null;
  const elements = parsed(text, path.slice(0, -1))?.children ?? [];
  const [before, element, next] = [elements[index - 1], elements[index], elements[index + 1]];
  if (element === undefined) return [];
  const end = element.offset + element.length;
  if (next !== undefined) return [{ offset: element.offset, length: next.offset - element.offset, content: '' }];
  const start = before === undefined ? element.offset : before.offset + before.length;
  return [{ offset: start, length: end - start, content: '' }];
}

function parsed(text: string, path: JSONPath): Node | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  return root === undefined ? undefined : findNodeAtLocation(root, path);
}

/** The parser writes `,"key": value` without a blank. */
function respaced(text: string, edit: Edit, path: JSONPath): readonly Edit[] {
  if (edit.length > 0 || typeof path.at(-1) !== 'string') return [edit];
  const indent = indentOfKeys(text, path.slice(0, -1));
  if (!edit.content.startsWith(',')) {
    const wide = indent === null && text[edit.offset - 1] === '{' ? ` ${edit.content} ` : edit.content;
    return [{ ...edit, content: wide }];
  }
  const added = edit.content.slice(1);
  if (indent === null) return [{ ...edit, content: `, ${added}` }];
  const line = `${text.includes('\r\n') ? '\r\n' : '\n'}${indent}${added}`;
  // A remark at the end of the line belongs to the key before.
  const remark = /^(,?)[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*\*\/[ \t]*(?=\r?\n))/.exec(text.slice(edit.offset));
  if (remark === null) return [{ ...edit, content: `,${line}` }];
  const end = edit.offset + remark[0].length;
  const more = remark[1] === ',' && !/^\s*[}\]]/.test(text.slice(end)) ? ',' : '';
  return [
    ...(remark[1] === ',' ? [] : [{ offset: edit.offset, length: 0, content: ',' }]),
    { offset: end, length: 0, content: `${line}${more}` },
  ];
}

/** Blanks before the keys of an object that has them on lines of their own; null when it stands on one line. */
function indentOfKeys(text: string, path: JSONPath): string | null {
  const first = parsed(text, path)?.children?.[0];
  if (first === undefined) return null;
  return /(?:^|[\r\n])([ \t]*)$/.exec(text.slice(0, first.offset))?.[1] ?? null;
}

/** One edit for what differs. */
function trimmed(before: string, after: string): readonly TextEdit[] {
  if (before === after) return [];
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return [{ offset: start, length: before.length - start - end, content: after.slice(start, after.length - end) }];
}
