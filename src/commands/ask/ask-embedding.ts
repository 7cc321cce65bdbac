import * as vscode from 'vscode';
import { MigrationError } from '../../core/errors.ts';
import type { Host } from '../../host/host.ts';
import { withProgress } from '../with-progress.ts';
import { targetNameOf } from './ask-table.ts';
import type { VectorColumnPlace } from './ask-vector-column.ts';
import { answered } from './cancelled.ts';
import { plainLabel } from './plain-text.ts';

/** What is embedded into a vector column, and by which model. */
export interface EmbeddingSource {
  /** Columns of texts. */
  readonly from: readonly string[];
  readonly model: string;
  /** As the plan says; null = it says nothing. */
  readonly dimensions: number | null;
}

/** As `embed` of the table in the active plan says; else the user is asked. */
export async function askEmbedding(host: Host, place: VectorColumnPlace): Promise<EmbeddingSource> {
  const planned = plannedEmbedding(host, place);
  if (planned !== null) return planned;
  const from = await askTexts(host, place);
  return { from, model: await askModel(host.embedding.model), dimensions: null };
}

function plannedEmbedding(host: Host, place: VectorColumnPlace): EmbeddingSource | null {
  const state = host.plans.active;
  const plan = state?.plan ?? null;
  if (state === null || plan === null || host.plans.targetOf(state) !== place.profile) return null;
  for (const table of plan.tables) {
    const { schema, table: name } = targetNameOf(plan, table);
    const { embed } = table;
    if (!table.include || embed === null || schema !== place.schema || name !== place.table || embed.to !== place.column) continue;
    return { from: embed.from, model: embed.model, dimensions: embed.dimensions };
  }
  return null;
}

async function askTexts(host: Host, { profile, schema, table, column }: VectorColumnPlace): Promise<readonly string[]> {
  const details = await withProgress(vscode.l10n.t('Reading the columns of {0}', table), async (signal) =>
    host.engines.browse('targetTable', { target: await host.targets.resolve(profile), schema, table }, signal),
  );
  const items = details.columns
    .filter(({ name, vector, type }) => name !== column && vector === null && type !== 'bytea')
    .map(({ name, type }) => ({ label: plainLabel(name), description: plainLabel(type), picked: isText(type), name }));
  if (items.length === 0) {
    throw new MigrationError('bad-usage', {
      context: { detail: `${schema}.${table} has no column of texts`, hint: 'Embeddings are computed from columns of text.' },
    });
  }
  const picked = answered(
    await vscode.window.showQuickPick(items, {
      canPickMany: true,
      ignoreFocusOut: true,
      placeHolder: vscode.l10n.t('Columns whose texts are embedded into {0}, a line each', column),
    }),
  );
  if (picked.length === 0) throw new MigrationError('cancelled');
  return picked.map(({ name }) => name);
}

function isText(type: string): boolean {
  return /^(text|character varying|varchar|citext)/.test(type);
}

async function askModel(usual: string): Promise<string> {
  const model = answered(
    await vscode.window.showInputBox({
      title: vscode.l10n.t('Model'),
      prompt: vscode.l10n.t('Name of the model at the embedding endpoint'),
      value: usual,
      ignoreFocusOut: true,
      validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('Name a model that this server has.') : null),
    }),
  );
  return model.trim();
}
