import type { EngineEvent } from '../../core/index.ts';
import { formatNumber } from '../../core/report/format-quantity.ts';
import { visibleControls } from '../../core/report/visible-controls.ts';
import type { Progress } from './progress.ts';
import { phaseTitle, type IndexEvent } from './format-progress.ts';

/** For logs and pipes: a line when a phase begins, when a table is done and for each tenth of a long index build; nothing is ever overwritten. */
export function lineProgress(stderr: NodeJS.WritableStream): Progress {
  let told = '';
  return {
    show(event) {
      const line = event.type === 'index' ? indexLine(event) : lineOf(event);
      if (event.type === 'index' && line !== null) {
        if (line === told) return;
        told = line;
      }
      if (line !== null) stderr.write(`${line}\n`);
    },
    note: (text) => void stderr.write(`${text}\n`),
    stop: () => {},
  };
}

/** Builds that are over before anybody asks how far they are say nothing. */
function indexLine({ index, state, step, percent }: IndexEvent): string | null {
  if (state !== 'building') return null;
  const tenths = percent === null ? '' : `, ${Math.floor(percent / 10) * 10} %`;
  return `  building ${visibleControls(index)}: ${step ?? ''}${tenths}`;
}

function lineOf(event: EngineEvent): string | null {
  if (event.type === 'phase') return phaseTitle(event.phase);
  if (event.type !== 'table' || event.state !== 'done') return null;
  return `  ${visibleControls(event.table)}${event.rows === undefined ? '' : `: ${formatNumber(event.rows, 'row')}`}`;
}
