import type { Socket } from 'node:net';
import { MessageSplitter, pass, startProxy } from './protocol-proxy.ts';

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
  const proxy = await startProxy(upstreamPort, (client, upstream) => joinSockets(client, upstream, state));
  return { ...proxy, made: state.made };
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
