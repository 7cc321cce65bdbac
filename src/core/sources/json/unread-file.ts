import { openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfCancelled } from '../shared/throw-if-cancelled.ts';
import type { DocumentFault } from './document-reader.ts';
import type { Place } from './place.ts';
import type { FileStudy } from './study-file.ts';

/** What the system says of a file that somebody else has open just now, that may not be read, or whose disk is away for a moment. */
const passing = ['EACCES', 'EAGAIN', 'EBUSY', 'EIO', 'EMFILE', 'ENFILE', 'EPERM', 'ETIMEDOUT'];

/** The code of such an error; null = it is another one. */
export function passingCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return passing.includes(code) ? code : null;
}

const attempts = 4;
const firstPauseMs = 50;
/** Of all pauses for one store: thousands of files that may not be read must not take hours. */
const mostPausesMs = 30_000;

/** Tries again what a file does not let happen, each time after a pause twice as long. */
export class Patience {
  #leftMs = mostPausesMs;

  /** The last error goes through. Throws `cancelled`. */
  async try<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let attempt = 1, pause = firstPauseMs; ; attempt++, pause *= 2) {
      try {
        return await work();
      } catch (error) {
        if (passingCode(error) === null || attempt === attempts || this.#leftMs < pause) throw error;
      }
      this.#leftMs -= pause;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      throwIfCancelled(signal);
    }
  }
}

/** Opens a file that could be read before, with the same pauses; the thread waits, since documents are read synchronously. The last error goes through. */
export function openAgain(path: string): number {
  for (let attempt = 1, pause = firstPauseMs; ; attempt++, pause *= 2) {
    try {
      return openSync(path, 'r');
    } catch (error) {
      if (passingCode(error) === null || attempt === attempts) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
  }
}

/** A file that cannot be read is one broken document. */
export function unreadStudy(name: string, reason: string): FileStudy {
  return {
    framing: 'values',
    form: 'document',
    documents: 1,
    broken: 1,
    examples: [`${name} (the file ${reason})`],
    repeated: 0,
    marks: [start],
    largest: 0,
  };
}

const start: Place = { at: 0, line: 1, document: 0, state: 'top' };

/** Its documents, as a reader gives them. */
export class UnreadDocuments {
  readonly place = start;
  readonly end = 0;
  readonly tape = { bytes: Buffer.alloc(0), nodes: new Int32Array(4), spaced: false, repeated: 0 };
  readonly fault: DocumentFault;
  #told = false;

  constructor(reason: string) {
    this.fault = { reason, at: 0, bytes: Buffer.alloc(0) };
  }

  read(): boolean {
    const isFirst = !this.#told;
    this.#told = true;
    return isFirst;
  }
}
