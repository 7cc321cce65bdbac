import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import type { WorkerHandle } from '../engine-deps.ts';
import { fromErrorShape, MigrationError } from '../errors.ts';
import type { FromWorker, TaskName, TaskProgress, ToWorker, WorkerTasks } from './worker-messages.ts';

/** Connects a fresh worker to what the main thread owns (the embedded process), before its first task. */
export type WorkerGreeting = () => { readonly directory: string; readonly port: MessagePort } | null;

interface Waiting {
  readonly task: TaskName;
  readonly params: unknown;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TaskProgress) => void;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export interface StuckRule {
  /** Milliseconds that a task may take to hear its abort. */
  readonly graceMs: number;
  /** Told after each thread that was given up: how many are still inside of a native call. */
  readonly onGivenUp: (threads: number) => void;
}

/** A few worker threads that take tasks from one queue, so that no native call ever blocks the engine's own thread. */
export class WorkerPool {
  readonly #size: number;
  readonly #start: () => WorkerHandle;
  readonly #greet: WorkerGreeting;
  readonly #stuck: StuckRule | null;
  readonly #queue: Waiting[] = [];
  readonly #slots: Slot[] = [];
  #nextId = 1;
  #givenUp = 0;
  #closed = false;
  #scratch: Promise<string> | null = null;

  /** `stuck`: gives up a thread that does not hear an abort, since a native call cannot be interrupted; absent = it keeps its place. */
  constructor(size: number, start: () => WorkerHandle, greet: WorkerGreeting, stuck: StuckRule | null = null) {
    this.#size = size;
    this.#start = start;
    this.#greet = greet;
    this.#stuck = stuck;
  }

  get size(): number {
    return this.#size;
  }

  /** Runs one task on the next free worker. An aborted task rejects with `cancelled`. */
  run<T extends TaskName>(
    task: T,
    params: WorkerTasks[T]['params'],
    signal: AbortSignal,
    onProgress: (progress: TaskProgress) => void = () => undefined,
  ): Promise<WorkerTasks[T]['result']> {
    if (this.#closed || signal.aborted) return Promise.reject(new MigrationError('cancelled'));
    return new Promise((resolve, reject) => {
      this.#queue.push({ task, params, signal, onProgress, resolve: resolve as (result: unknown) => void, reject });
      this.#dispatch();
    });
  }

  /** Greets the workers that started before there was something to connect them to. */
  greetStarted(): void {
    for (const slot of this.#slots) this.#greetSlot(slot);
  }

  /** Ends every worker; one that is inside a long native call ends when that returns or the process does. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#queue.splice(0)) waiting.reject(new MigrationError('cancelled'));
    await Promise.all(this.#slots.splice(0).map((slot) => slot.handle.terminate()));
    const scratch = await this.#scratch?.catch(() => null);
    if (typeof scratch === 'string') await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
  }

  /** A folder below `parent` for the private copies of this pool's tasks; it goes with the pool, whole copies and broken ones. */
  scratchIn(parent: string): Promise<string> {
    return (this.#scratch ??= mkdtemp(join(parent, 'stores-')));
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const slot = this.#slots.find((candidate) => candidate.current === null) ?? this.#addSlot();
      if (slot === null) return;
      const next = this.#queue.shift();
      if (next === undefined) return;
      if (next.signal.aborted) next.reject(new MigrationError('cancelled'));
      else this.#begin(slot, next);
    }
  }

  #begin(slot: Slot, waiting: Waiting): void {
    const id = this.#nextId++;
    let late: NodeJS.Timeout | undefined;
    const abort = (): void => {
      slot.handle.post({ type: 'abort', id } satisfies ToWorker);
      if (this.#stuck !== null) late = setTimeout(() => this.#giveUp(slot), this.#stuck.graceMs).unref();
    };
    const settled = (): void => {
      clearTimeout(late);
      waiting.signal.removeEventListener('abort', abort);
    };
    waiting.signal.addEventListener('abort', abort, { once: true });
    slot.current = { id, waiting, settled };
    slot.handle.post({ type: 'start', id, task: waiting.task, params: waiting.params } satisfies ToWorker);
  }

  #addSlot(): Slot | null {
    if (this.#closed || this.#slots.length >= this.#size) return null;
    const slot: Slot = { handle: this.#start(), current: null };
    this.#slots.push(slot);
    slot.handle.onMessage((message) => this.#receive(slot, message as FromWorker));
    slot.handle.onExit((error) => this.#lost(slot, error));
    this.#greetSlot(slot);
    return slot;
  }

  #greetSlot(slot: Slot): void {
    const greeting = this.#greet();
    if (greeting !== null) slot.handle.post({ type: 'embedded-port', ...greeting } satisfies ToWorker, [greeting.port]);
  }

  #receive(slot: Slot, message: FromWorker): void {
    const current = slot.current;
    if (current === null || current.id !== message.id) return;
    if (message.type === 'progress') {
      current.waiting.onProgress(message.progress);
      return;
    }
    slot.current = null;
    current.settled();
    if (message.type === 'result') current.waiting.resolve(message.result);
    else current.waiting.reject(fromErrorShape(message.error));
    this.#dispatch();
  }

  /** Its place goes to a fresh thread; it ends itself when its native call returns. */
  #giveUp(slot: Slot): void {
    const index = this.#slots.indexOf(slot);
    if (index < 0) return;
    this.#slots.splice(index, 1);
    const { current } = slot;
    slot.current = null;
    current?.waiting.reject(new MigrationError('cancelled'));
    this.#givenUp++;
    void slot.handle.terminate().finally(() => this.#givenUp--);
    this.#dispatch();
    this.#stuck?.onGivenUp(this.#givenUp);
  }

  #lost(slot: Slot, error: Error | null): void {
    const index = this.#slots.indexOf(slot);
    if (index >= 0) this.#slots.splice(index, 1);
    const current = slot.current;
    if (current === null) return;
    current.settled();
    current.waiting.reject(
      this.#closed
        ? new MigrationError('cancelled')
        : new MigrationError('worker-lost', { context: { detail: error?.message ?? 'it ended' }, cause: error }),
    );
    if (!this.#closed) this.#dispatch();
  }
}

interface Slot {
  readonly handle: WorkerHandle;
  current: { readonly id: number; readonly waiting: Waiting; readonly settled: () => void } | null;
}
