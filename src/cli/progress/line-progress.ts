import type { EngineEvent } from '../../core/index.ts';
import { formatNumber } from '../../core/report/format-quantity.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import type { Progress } from './progress.ts';
import { phaseTitle } from './format-progress.ts';

/** For logs and pipes: a line when a phase begins and when a table is done; nothing is ever overwritten. */
export function lineProgress(stderr: NodeJS.WritableStream): Progress {
  return {
    show(event) {
      const line = lineOf(event);
      if (line !== null) stderr.write(`${line}\n`);
    },
    note: (text) => void stderr.write(`${text}\n`),
    stop: () => {},
  };
}

function lineOf(event: EngineEvent): string | null {
  if (event.type === 'phase') return phaseTitle(event.phase);
  if (event.type !== 'table' || event.state !== 'done') return null;
  return `  ${visibleControls(event.table)}${event.rows === undefined ? '' : `: ${formatNumber(event.rows, 'row')}`}`;
}
