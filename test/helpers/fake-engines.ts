import type { EngineEvent } from '../../src/core/engine-deps.ts';
import type { EngineMethod, EngineRequests } from '../../src/protocol/engine-protocol.ts';

type Answers = {
  [M in EngineMethod]?: (
    params: EngineRequests[M]['params'],
    call: Call,
  ) => Promise<EngineRequests[M]['result']> | EngineRequests[M]['result'];
};

export interface Call {
  readonly signal: AbortSignal;
  readonly onEvent: (event: EngineEvent) => void;
}

/** Engine processes have their own tests; here the answers are given, so that order and failure can be chosen. */
export class FakeEngines {
  readonly asked: { readonly method: EngineMethod; readonly params: unknown }[] = [];
  readonly answers: Answers;

  constructor(answers: Answers) {
    this.answers = answers;
  }

  readonly browse = async <M extends EngineMethod>(
    method: M,
    params: EngineRequests[M]['params'],
    signal?: AbortSignal,
  ): Promise<EngineRequests[M]['result']> =>
    this.#answer(method, params, { signal: signal ?? new AbortController().signal, onEvent: () => {} });

  readonly runAlone = async <M extends EngineMethod>(
    method: M,
    params: EngineRequests[M]['params'],
    call: Call,
  ): Promise<EngineRequests[M]['result']> => this.#answer(method, params, call);

  count(method: EngineMethod): number {
    return this.asked.filter((asked) => asked.method === method).length;
  }

  async #answer<M extends EngineMethod>(method: M, params: EngineRequests[M]['params'], call: Call): Promise<EngineRequests[M]['result']> {
    this.asked.push({ method, params });
    const answer = this.answers[method];
    if (answer === undefined) throw new Error(`nobody expected ${method}`);
    return answer(params, call);
  }
}

/** vscode.Memento in memory. */
export class FakeMemory {
  readonly values = new Map<string, unknown>();

  get<T>(key: string, otherwise: T): T {
    return this.values.has(key) ? (structuredClone(this.values.get(key)) as T) : otherwise;
  }

  async update(key: string, value: unknown): Promise<void> {
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, structuredClone(value));
  }
}

/** vscode.SecretStorage in memory. */
export class FakeSecrets {
  readonly values = new Map<string, string>();

  async get(key: string): Promise<string | undefined> {
    return this.values.get(key);
  }

  async store(key: string, value: string): Promise<void> {
    this.values.set(key, value);
  }

  async delete(key: string): Promise<void> {
    this.values.delete(key);
  }
}

/** Lets what was started go on until nothing is left to do at once. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
