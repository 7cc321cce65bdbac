import type { RowsPanelMethods } from '../../../src/protocol/rows-panel.ts';
import { openPanel } from '../../helpers/webview.ts';
import { rowsHost } from '../../webview/rows-host.ts';

/** Milliseconds from the begin of a frame to the end of its drawing, all of the main thread's work on it included. */
export interface FrameTimes {
  readonly median: number;
  readonly p95: number;
}

export interface Scrolling {
  /** Ten rows a frame. */
  readonly wheel: FrameTimes;
  /** The bar is dragged: every row of every frame is another. */
  readonly bar: FrameTimes;
}

const frames = 240;

/** Scrolls the page of the rows panel over a table of `rows` rows in Chromium, with a host that answers from the test's process. */
export async function measureScrolling(rows: number): Promise<Scrolling> {
  const panel = await openPanel<RowsPanelMethods>({ panel: 'rows', host: rowsHost(rows), viewport: { width: 1440, height: 900 } });
  try {
    await panel.page.getByRole('row').nth(20).waitFor();
    const scroll = async (how: string): Promise<FrameTimes> => {
      const times = await panel.page.evaluate<number[]>(`(${scrollFrames})(${frames}, ${how})`);
      if (panel.errors().length > 0) throw new Error(panel.errors().join('\n'));
      return { median: quantile(times, 0.5), p95: quantile(times, 0.95) };
    };
    return { wheel: await scroll(byWheel), bar: await scroll(byBar) };
  } finally {
    await panel.close();
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/** In the page. A message that is sent while a frame is prepared arrives when it is drawn. */
const scrollFrames = `async function (frames, move) {
  const scroller = document.querySelector('.grid-scroller');
  const { port1, port2 } = new MessageChannel();
  const times = [];
  for (let frame = 0; frame < frames; frame++) {
    times.push(
      await new Promise((resolve) =>
        requestAnimationFrame((begin) => {
          port1.onmessage = () => resolve(performance.now() - begin);
          move(scroller, frame / frames);
          port2.postMessage(null);
        }),
      ),
    );
  }
  return times;
}`;

/** A page that leaves the event to the browser is scrolled as the browser would. */
const byWheel = `(scroller) => {
  const event = new WheelEvent('wheel', { deltaY: 240, bubbles: true, cancelable: true });
  if (scroller.dispatchEvent(event)) scroller.scrollTop += 240;
}`;

const byBar = `(scroller, share) => {
  scroller.scrollTop = share * (scroller.scrollHeight - scroller.clientHeight);
}`;
