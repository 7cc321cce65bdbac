import * as vscode from 'vscode';
import { showVirtualText } from '../editors/virtual-texts.ts';
import type { CommonPanelMethods } from '../protocol/panel-protocol.ts';
import type { PanelHandlers } from './panel-host.ts';

/** What every panel answers in the same way. */
export function commonAnswers(): PanelHandlers<CommonPanelMethods> {
  return {
    async copyText({ text }) {
      await vscode.env.clipboard.writeText(text);
      return null;
    },
    async openText({ text, language, title }) {
      await openValue(title, text, language);
      return null;
    },
  };
}

/** A text in a read-only editor tab. */
export async function openValue(title: string, text: string, language: string): Promise<void> {
  const extension = language === 'json' ? '.json' : language === 'sql' ? '.sql' : '.txt';
  await showVirtualText('sluice-value', `${title}${extension}`, text);
}

/** JSON is laid out to be read; what is not JSON stays as it is. */
export function readable(text: string, type: string): { readonly text: string; readonly language: string } {
  if (!/^jsonb?$/i.test(type)) return { text, language: 'plaintext' };
  return { text: indentJson(text), language: 'json' };
}

/** Puts line breaks between the tokens without reading the numbers, which JavaScript would round. */
function indentJson(text: string): string {
  let depth = 0;
  let out = '';
  for (const token of text.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/g) ?? []) {
    const closes = token === '}' || token === ']';
    if (closes) depth--;
    const empty = closes && (out.endsWith('{') || out.endsWith('['));
    if (closes && !empty) out += `\n${'  '.repeat(depth)}`;
    else if ((out.endsWith('{') || out.endsWith('[')) && !empty) out += `\n${'  '.repeat(depth)}`;
    out += token;
    if (token === '{' || token === '[') depth++;
    else if (token === ',') out += `\n${'  '.repeat(depth)}`;
    else if (token === ':') out += ' ';
  }
  return out;
}
