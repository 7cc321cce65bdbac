import type { Warning, WatermarkOutcome } from '../../model/run.ts';
import { describeWatermark, type Watermark } from '../../model/watermark.ts';
import { settleWatermark } from '../../state/watermark-store.ts';
import type { HeldRun } from '../hold-run.ts';
import type { RunContext } from '../run-context.ts';

export interface SettledWatermarks {
  /** By the label of the table. */
  readonly watermarks: ReadonlyMap<string, WatermarkOutcome>;
  readonly warnings: readonly Warning[];
}

/** How far the run has come; it counts for later runs when this one is completed. Safe to repeat. */
export async function settleWatermarks(
  { effective: { plan, compiled }, control }: RunContext,
  { runId }: HeldRun,
): Promise<SettledWatermarks> {
  const watermarks = new Map<string, WatermarkOutcome>();
  const warnings: Warning[] = [];
  for (const { label, to, watermark } of compiled.tables) {
    if (watermark?.found === undefined) continue;
    const { reached, held } = await control.use((target) => settleWatermark(target, { plan: plan.name, label, to }, runId));
    const since = textOf(watermark.found.since);
    watermarks.set(label, { column: watermark.to, since, reached: textOf(reached) });
    if (held) warnings.push(heldWarning(label, since));
  }
  return { watermarks, warnings };
}

function heldWarning(table: string, since: string | null): Warning {
  const again = since === null ? 'all rows' : `all rows from ${since} on`;
  const message = `Rows of ${table} were rejected, so that its watermark stays where it was: the next run reads ${again} again.`;
  return { code: 'watermark-held', message, table };
}

/** What the result of a table says of its watermark. */
export function withWatermark({ watermarks }: SettledWatermarks, label: string): { readonly watermark?: WatermarkOutcome } {
  const watermark = watermarks.get(label);
  return watermark === undefined ? {} : { watermark };
}

function textOf(mark: Watermark | null): string | null {
  return mark === null ? null : describeWatermark(mark);
}
