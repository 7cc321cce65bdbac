import { once } from 'node:events';
import { createServer, connect, type Socket } from 'node:net';

export interface Proxy {
  readonly port: number;
  close(): Promise<void>;
}

/** A TCP proxy on 127.0.0.1 before a PostgreSQL server there; `join` connects the two sides of each connection, with `pass`. No TLS. */
export async function startProxy(upstreamPort: number, join: (client: Socket, upstream: Socket) => void): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port: upstreamPort, noDelay: true });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      // A connection that was cut reports ECONNRESET or EPIPE here; that is what the proxy is for.
      socket.on('error', () => undefined);
    }
    join(client.setNoDelay(true), upstream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Forwards what the splitter lets through; ends the other side when this one ends. */
export function pass(from: Socket, to: Socket, splitter: MessageSplitter): void {
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
export class MessageSplitter {
  /** Bytes to send back to where the last piece came from. */
  answer: Buffer | null = null;
  #startUp: boolean;
  #stopped = false;
  #rest: Buffer = Buffer.alloc(0);
  readonly #seen: (type: string, body: Buffer) => boolean | Buffer;

  /** `startUp`: the stream begins with a message without a type (client side). `seen`: false lets nothing through any more, a buffer is a body instead. */
  constructor(startUp: boolean, seen: (type: string, body: Buffer) => boolean | Buffer) {
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
      else this.#look(bytes.subarray(start, end), passed);
      start = end;
    }
    this.#rest = Buffer.from(bytes.subarray(start));
    return Buffer.concat(passed);
  }

  #look(message: Buffer, passed: Buffer[]): void {
    const answer = this.#seen(String.fromCharCode(message[0] as number), message.subarray(5));
    if (answer === true) passed.push(message);
    else if (answer === false) this.#stopped = true;
    else {
      const start = Buffer.from(message.subarray(0, 5));
      start.writeUInt32BE(answer.length + 4, 1);
      passed.push(start, answer);
    }
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
