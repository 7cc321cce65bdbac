import cliProgress from 'cli-progress';
import { visibleControls } from '../../core/report/visible-controls.ts';
import type { Progress } from './progress.ts';
import { formatProgress, type ProgressState } from './format-progress.ts';

/** A line that redraws itself while a phase goes on and stays on the screen when the phase is over. */
export function barProgress(stderr: NodeJS.WriteStream): Progress {
  let state: ProgressState | null = null;
  let bar: cliProgress.SingleBar | null = null;

  const begin = () => {
    bar = new cliProgress.SingleBar({
      stream: stderr,
      format: () => (state === null ? '' : formatProgress(state, (stderr.columns || 80) - 1)),
      hideCursor: true,
      fps: 8,
      // Our own format does everything; the library draws, throttles and cleans up.
      barsize: 1,
      linewrap: true,
      gracefulExit: false,
    });
    bar.start(1, 0);
  };
  const end = () => {
    bar?.stop();
    bar = null;
  };

  return {
    show(event) {
      if (event.type === 'phase') {
        end();
        state = { phase: event.phase, table: null, progress: null };
        begin();
      } else if (state !== null && event.type === 'table') {
        state = { ...state, table: event.state === 'start' ? visibleControls(event.table) : null };
      } else if (state !== null && event.type === 'progress') {
        state = { ...state, progress: event };
      } else if (state !== null && event.type === 'files') {
        state = { ...state, files: event };
      } else if (state !== null && event.type === 'index') {
        state = { ...state, index: event.state === 'done' ? null : event };
      } else if (event.type === 'done') {
        end();
      }
    },
    note(text) {
      const drawing = bar !== null;
      end();
      stderr.write(`${text}\n`);
      if (drawing) begin();
    },
    stop: end,
  };
}
