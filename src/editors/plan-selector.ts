import type * as vscode from 'vscode';
import { isPlanFile, planFileGlob, planSchemes } from '../host/plans/is-plan-file.ts';

export const planSelector: vscode.DocumentSelector = planSchemes.map((scheme) => ({ scheme, pattern: planFileGlob }));

export function isPlanDocument({ uri }: vscode.TextDocument): boolean {
  return isPlanFile(uri) && (planSchemes as readonly string[]).includes(uri.scheme);
}
