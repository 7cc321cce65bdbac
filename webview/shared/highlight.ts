import { element } from './dom.ts';

export type Language = 'json' | 'sql';

const patterns: Readonly<Record<Language, RegExp>> = {
  json: /(?<name>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<string>"(?:[^"\\]|\\.)*"?)|(?<number>-?\d[\d.eE+-]*)|(?<keyword>\b(?:true|false|null)\b)/g,
  sql: /(?<string>'(?:[^']|'')*'?)|(?<name>"(?:[^"]|"")*"?)|(?<number>\b\d[\d.]*\b)|(?<keyword>\b(?:SELECT|FROM|WHERE|AND|OR|NOT|IN|IS|NULL|LIKE|ILIKE|BETWEEN|ORDER|BY|ASC|DESC|NULLS|FIRST|LAST|LIMIT|OFFSET|CAST|AS|COLLATE|TRUE|FALSE|CASE|WHEN|THEN|ELSE|END|EXISTS)\b)/gi,
};

/** Text with its tokens coloured (theme.css, `.token-…`), for one line or a block. */
export function highlighted(text: string, language: Language): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of text.matchAll(patterns[language])) {
    if (match.index > end) nodes.push(document.createTextNode(text.slice(end, match.index)));
    const kind = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined)?.[0] ?? 'name';
    // Quoted names of SQL are names like the others.
    nodes.push(
      language === 'sql' && kind === 'name' ? document.createTextNode(match[0]) : element('span', { class: `token-${kind}` }, match[0]),
    );
    end = match.index + match[0].length;
  }
  if (end < text.length) nodes.push(document.createTextNode(text.slice(end)));
  return nodes;
}

/** Lays JSON out over several lines without reading its numbers, which would round them. What is not JSON comes back in pieces as well: check before. */
export function indentJson(text: string): string {
  let depth = 0;
  let out = '';
  const line = (): string => `\n${'  '.repeat(depth)}`;
  for (const token of text.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/g) ?? []) {
    const closes = token === '}' || token === ']';
    const afterOpening = out.endsWith('{') || out.endsWith('[');
    if (closes) depth -= 1;
    if (closes !== afterOpening && (closes || afterOpening)) out += line();
    out += token;
    if (token === '{' || token === '[') depth += 1;
    else if (token === ',') out += line();
    else if (token === ':') out += ' ';
  }
  return out;
}

/** Whether a text is one whole JSON value; a cut one is not. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
