import * as vscode from 'vscode';
import type { Host, TargetProfile } from '../../host/host.ts';
import { pickOne } from './pick-one.ts';
import { plainLabel } from './plain-text.ts';

type Item = vscode.QuickPickItem & { readonly profile: TargetProfile | null };

/** A target profile, the embedded one first; null = the user wants to describe a new one. */
export async function askProfile(host: Host, placeHolder: string, options: { readonly offerNew: boolean }): Promise<TargetProfile | null> {
  const items: Item[] = host.targets.list.map(({ profile }) => ({
    label: `$(database) ${plainLabel(profile.label)}`,
    description:
      profile.id === host.targets.current.id ? vscode.l10n.t('{0} · current', plainLabel(profile.detail)) : plainLabel(profile.detail),
    ...(profile.kind === 'embedded' ? { detail: vscode.l10n.t('PostgreSQL with pgvector inside the editor: no server, no set-up') } : {}),
    profile,
  }));
  if (options.offerNew) items.push({ label: `$(add) ${vscode.l10n.t('New connection…')}`, description: 'postgresql://', profile: null });
  return (await pickOne(items, { placeHolder, matchOnDescription: true })).profile;
}
