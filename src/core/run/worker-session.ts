import type { MessagePort } from 'node:worker_threads';
import type { Log } from '../engine-deps.ts';
import { attachSource, checkSourceUnchanged } from '../sources/registry.ts';
import type { Source, SourceSnapshot } from '../sources/source.ts';
import { embeddedLinkOverPort } from '../target/embedded/embedded-port.ts';
import type { EmbeddedLink } from '../target/embedded/embedded-link.ts';
import { openTarget } from '../target/open-target.ts';
import type { Target, TargetAddress } from '../target/target.ts';

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** What a worker thread keeps open between tasks: one handle per store, one session per target. */
export class WorkerSession {
  /** Of the task under way: a thread has one at a time. */
  signal: AbortSignal | undefined;
  readonly #sources = new Map<string, Promise<Source>>();
  readonly #targets = new Map<string, Promise<Target>>();
  #embedded: EmbeddedLink | null = null;

  setEmbeddedPort(directory: string, port: MessagePort): void {
    this.#embedded = embeddedLinkOverPort(port, directory);
  }

  source(snapshot: SourceSnapshot): Promise<Source> {
    return cached(this.#sources, snapshot.path, () => attachUnchanged(snapshot, this.signal));
  }

  /** A handle for one task only: a store that is merely looked at stays closed in between. */
  async withSource<T>(snapshot: SourceSnapshot, work: (source: Source) => Promise<T>): Promise<T> {
    const source = await attachSource(snapshot, silent);
    try {
      return await work(source);
    } finally {
      await source.close();
    }
  }

  target(address: TargetAddress): Promise<Target> {
    return cached(this.#targets, addressKey(address), () =>
      openTarget(address, this.#embedded === null ? {} : { embedded: this.#embedded }),
    );
  }

  /** Forgets a session that broke; the next use opens a new one. */
  async dropTarget(address: TargetAddress): Promise<void> {
    const broken = this.#targets.get(addressKey(address));
    this.#targets.delete(addressKey(address));
    await (await broken?.catch(() => null))?.close().catch(() => undefined);
  }
}

/** Threads open a store at different times: each must find the one that was frozen. */
async function attachUnchanged(snapshot: SourceSnapshot, signal: AbortSignal | undefined): Promise<Source> {
  const source = await attachSource(snapshot, silent);
  try {
    await checkSourceUnchanged(snapshot, signal);
    return source;
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function cached<T>(map: Map<string, Promise<T>>, key: string, open: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const opening = open();
  map.set(key, opening);
  opening.catch(() => map.delete(key));
  return opening;
}

function addressKey(address: TargetAddress): string {
  return address.kind === 'embedded'
    ? `embedded:${address.directory}`
    : `postgres:${address.connection.host}:${address.connection.port}/${address.connection.database}`;
}
