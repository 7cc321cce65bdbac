import type { CopyPieces, EmbeddedLink, EmbeddedMethod, EmbeddedRequests } from './embedded-link.ts';

/** One thread's use of a shared link: knows what the thread has open, so that it can be undone when the thread vanishes. */
export class BridgedClient {
  readonly #link: EmbeddedLink;
  readonly #name: string;
  readonly #sessions = new Set<string>();
  readonly #readers = new Set<string>();
  readonly #pieces = new Set<string>();
  #gone = false;

  /** `name` is unique among the clients of the link. */
  constructor(link: EmbeddedLink, name: string) {
    this.#link = link;
    this.#name = name;
  }

  async request<M extends EmbeddedMethod>(method: M, params: EmbeddedRequests[M]['params']): Promise<EmbeddedRequests[M]['result']> {
    const named = this.#withOwnName(method, params as Params);
    this.#closes(method, named);
    const result = await this.#link.request(method, named as EmbeddedRequests[M]['params']);
    this.#opened(method, named, result as Results);
    if (this.#gone) await this.vanish();
    return result;
  }

  async vanish(): Promise<void> {
    this.#gone = true;
    const endings: Promise<unknown>[] = [
      ...[...this.#sessions].map((session) => this.#link.request('rollback', { session })),
      ...[...this.#readers].map((copy) => this.#link.request('copyOutClose', { copy })),
      ...[...this.#pieces].map((copy) => this.#link.request('copyInDrop', { copy })),
    ];
    for (const open of [this.#sessions, this.#readers, this.#pieces]) open.clear();
    // What cannot be undone any more is undone already: the other process is gone.
    await Promise.allSettled(endings);
  }

  /** Threads choose the names of their long copies without knowing of each other. */
  #withOwnName(method: EmbeddedMethod, params: Params): Params {
    if (params.ahead) return { ...params, ahead: { ...params.ahead, copy: this.#own(params.ahead.copy) } };
    return method === 'copyInDrop' && params.copy !== undefined ? { ...params, copy: this.#own(params.copy) } : params;
  }

  #own(copy: string): string {
    return `${this.#name}/${copy}`;
  }

  #closes(method: EmbeddedMethod, params: Params): void {
    if (method === 'commit' || method === 'rollback') this.#sessions.delete(params.session ?? '');
    if (method === 'copyOutClose') this.#readers.delete(params.copy ?? '');
    if (method === 'copyInDrop') this.#pieces.delete(params.copy ?? '');
    if (method === 'copyIn') this.#pieces.delete(params.ahead?.copy ?? '');
  }

  #opened(method: EmbeddedMethod, params: Params, result: Results): void {
    if (method === 'begin') this.#sessions.add(result.session ?? '');
    if (method === 'copyOut') this.#readers.add(result.copy ?? '');
    if (method === 'copyInPiece') this.#pieces.add(params.ahead?.copy ?? '');
  }
}

interface Params {
  readonly session?: string | null;
  readonly copy?: string;
  readonly ahead?: CopyPieces | null;
}

interface Results {
  readonly session?: string;
  readonly copy?: string;
}
