/** What a report is made of, before it becomes Markdown or HTML. Texts are raw: each renderer escapes them in its own way. */
export type ReportBlock =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** Things to do, with boxes to tick. */
  | { readonly kind: 'tasks'; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly language: 'sh' | 'sql'; readonly text: string }
  | { readonly kind: 'table'; readonly columns: readonly ReportColumn[]; readonly rows: readonly (readonly string[])[] };

export interface ReportColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

export interface ReportSection {
  readonly title: string;
  readonly blocks: readonly ReportBlock[];
}

export function left(title: string): ReportColumn {
  return { title, align: 'left' };
}

export function right(title: string): ReportColumn {
  return { title, align: 'right' };
}

/** A cell of a table stays readable; the JSON report holds the whole value. */
export function short(text: string | null, limit = 60): string {
  if (text === null) return 'NULL';
  const characters = [...text.slice(0, limit * 2)];
  return characters.length <= limit && text.length <= limit * 2 ? text : `${characters.slice(0, limit - 1).join('')}…`;
}
