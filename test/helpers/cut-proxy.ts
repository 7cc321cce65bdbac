import { once } from 'node:events';
import { createServer, connect, type Socket } from 'node:net';

/**
 * Where the proxy drops a connection:
 * `commit-answer`: the server has committed the nth transaction that had a COPY in it, and its answer is kept from the client;
 * `copy`: in the nth COPY FROM, after so many bytes of rows have passed.
 * Both count from 1 over all connections.
 */
export type Cut =
  { readonly at: 'commit-answer'; readonly nth: number } | { readonly at: 'copy'; readonly nth: number; readonly afterBytes: number };

export interface CutProxy {
  readonly port: number;
  /** Cuts made so far. */
  readonly made: readonly Cut[];
  close(): Promise<void>;
}

/** A TCP proxy on 127.0.0.1 that understands enough of PostgreSQL's protocol to cut a connection at a chosen message. No TLS. */
export async function startCutProxy(upstreamPort: number, cuts: readonly Cut[]): Promise<CutProxy> {
  const state: ProxyState = { cuts: [...cuts], made: [], commits: 0, copies: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port: upstreamPort, noDelay: true });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      // A connection that was cut reports ECONNRESET or EPIPE here; that is what the proxy is for.
      socket.on('error', () => undefined);
    }
    joinSockets(client.setNoDelay(true), upstream, state);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    made: state.made,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

interface ProxyState {
  /** Cuts still to come. */
  readonly cuts: Cut[];
  readonly made: Cut[];
  commits: number;
  copies: number;
}

interface Connection {
  copied: boolean;
  /** Number of the COPY under way and its bytes so far, 0 between COPYs. */
  copy: number;
  copyBytes: number;
}

function joinSockets(client: Socket, upstream: Socket, state: ProxyState): void {
  const connection: Connection = { copied: false, copy: 0, copyBytes: 0 };
  const drop = (): void => {
    client.destroy();
    upstream.destroy();
  };
  const cutIf = (matches: (cut: Cut) => boolean): boolean => {
    const position = state.cuts.findIndex(matches);
    if (position < 0) return false;
    state.made.push(...state.cuts.splice(position, 1));
    drop();
    return true;
  };
  const fromClient = new MessageSplitter(true, (type, body) => {
    if (type !== 'd' || connection.copy === 0) return true;
    connection.copyBytes += body.length;
    return !cutIf((cut) => cut.at === 'copy' && cut.nth === connection.copy && connection.copyBytes >= cut.afterBytes);
  });
  const fromServer = new MessageSplitter(false, (type, body) => {
    if (type === 'G') {
      connection.copy = ++state.copies;
      connection.copyBytes = 0;
    }
    if (type !== 'C') return true;
    const tag = body.toString('latin1');
    if (tag.startsWith('COPY ') && connection.copy > 0) {
      connection.copied = true;
      connection.copy = 0;
    }
    if (tag !== 'COMMIT\0') return true;
    const counts = connection.copied;
    connection.copied = false;
    if (!counts) return true;
    const nth = ++state.commits;
    return !cutIf((cut) => cut.at === 'commit-answer' && cut.nth === nth);
  });
  pass(client, upstream, fromClient);
  pass(upstream, client, fromServer);
}

/** Forwards what the splitter lets through; ends the other side when this one ends. */
function pass(from: Socket, to: Socket, splitter: MessageSplitter): void {
  from.on('data', (piece) => {
    const through = splitter.push(piece);
    if (splitter.answer !== null) from.write(splitter.answer);
    splitter.answer = null;
    if (through.length > 0 && !to.destroyed && !to.write(through)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  });
  from.on('end', () => to.end());
  from.on('close', () => to.destroy());
}

/** Cuts a stream into protocol messages; gives the bytes of the whole messages that `seen` lets through. */
class MessageSplitter {
  /** Bytes to send back to where the last piece came from. */
  answer: Buffer | null = null;
  #startUp: boolean;
  #stopped = false;
  #rest: Buffer = Buffer.alloc(0);
  readonly #seen: (type: string, body: Buffer) => boolean;

  /** `startUp`: the stream begins with a message without a type (client side). */
  constructor(startUp: boolean, seen: (type: string, body: Buffer) => boolean) {
    this.#startUp = startUp;
    this.#seen = seen;
  }

  push(piece: Buffer): Buffer {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const passed: Buffer[] = [];
    let start = 0;
    for (;;) {
      const prefix = this.#startUp ? 0 : 1;
      if (this.#stopped || bytes.length < start + prefix + 4) break;
      const end = start + prefix + bytes.readUInt32BE(start + prefix);
      if (bytes.length < end) break;
      if (this.#startUp) this.#begin(bytes.subarray(start, end), passed);
      else if (this.#seen(String.fromCharCode(bytes[start] as number), bytes.subarray(start + 5, end)))
        passed.push(bytes.subarray(start, end));
      else this.#stopped = true;
      start = end;
    }
    this.#rest = Buffer.from(bytes.subarray(start));
    return Buffer.concat(passed);
  }

  /** SSLRequest and GSSENCRequest are declined here; a start-up or cancel message goes on. */
  #begin(message: Buffer, passed: Buffer[]): void {
    const code = message.readUInt32BE(4);
    if (code === 80877103 || code === 80877104) {
      this.answer = Buffer.from('N');
      return;
    }
    this.#startUp = false;
    passed.push(message);
  }
}
