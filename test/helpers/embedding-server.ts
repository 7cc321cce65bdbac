import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { embedByWords, wordDimensions } from './word-vectors.ts';

/** What goes wrong with one request. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** The connection ends in the middle of the answer. */
  | { readonly kind: 'cut' }
  /** Nothing is ever answered. */
  | { readonly kind: 'silence' }
  /** This, whatever was asked. */
  | { readonly kind: 'body'; readonly body: string }
  /** What the model gives, changed. */
  | { readonly kind: 'changed'; readonly change: (vectors: readonly number[][]) => readonly unknown[] }
  /** Before it is answered, rightly. */
  | { readonly kind: 'first'; readonly work: () => Promise<void> };

export interface AskedOnce {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly model: string;
  readonly input: readonly string[];
}

/** Any OpenAI-compatible endpoint, on 127.0.0.1 and with a real small model. */
export interface EmbeddingServer {
  readonly url: string;
  readonly asked: AskedOnce[];
  /** For the next requests, one each. */
  readonly faults: Fault[];
  /** Texts longer than this are refused, as a model refuses what exceeds its context. */
  longest: number;
  close(): Promise<void>;
}

export async function startEmbeddingServer(): Promise<EmbeddingServer> {
  const asked: AskedOnce[] = [];
  const faults: Fault[] = [];
  const state = { longest: Number.POSITIVE_INFINITY };
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { model, input } = JSON.parse(await read(request)) as { model: string; input: readonly string[] };
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization, model, input });
    const fault = faults.shift();
    if (fault?.kind === 'silence') return;
    if (fault?.kind === 'first') await fault.work();
    if (fault?.kind === 'status') {
      response.writeHead(fault.status, fault.headers).end(fault.body ?? '');
      return;
    }
    if (fault?.kind === 'body') {
      response.end(fault.body);
      return;
    }
    if (input.some((text) => text.length > state.longest)) {
      response.writeHead(400).end(JSON.stringify({ error: { message: 'This text is longer than the context of the model.' } }));
      return;
    }
    const vectors = input.map((text) => [...(embedByWords(text) ?? new Array<number>(wordDimensions).fill(0))]);
    const given = fault?.kind === 'changed' ? fault.change(vectors) : vectors;
    // The order of the entries says nothing; their index does.
    const data = given.map((embedding, index) => ({ object: 'embedding', index, embedding })).reverse();
    const body = JSON.stringify({ object: 'list', model, data, usage: { total_tokens: input.join(' ').split(/\s+/).length } });
    if (fault?.kind === 'cut') {
      response.writeHead(200, { 'content-length': body.length });
      response.write(body.slice(0, body.length / 2), () => response.destroy());
    } else response.end(body);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    faults,
    get longest() {
      return state.longest;
    },
    set longest(characters) {
      state.longest = characters;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request.setEncoding('utf8')) text += piece;
  return text;
}
