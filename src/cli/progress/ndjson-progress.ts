import type { Progress } from './progress.ts';

/** One JSON event a line, for scripts and for other programs that draw; what is said to people becomes `{ type: "note" }`. */
export function ndjsonProgress(stderr: NodeJS.WritableStream): Progress {
  return {
    show: (event) => void stderr.write(`${JSON.stringify(event)}\n`),
    note: (text) => void stderr.write(`${JSON.stringify({ type: 'note', message: text })}\n`),
    stop: () => {},
  };
}
