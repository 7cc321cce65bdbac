import { MigrationError } from '../../errors.ts';
import { endpointError } from './endpoint-error.ts';
import { readEmbeddings, type EmbeddingAnswer } from './read-embeddings.ts';

export interface Correspondence {
  readonly address: string;
  readonly model: string;
  /** Sent as a bearer token; null = none. */
  readonly key: string | null;
  /** Of one request, until its answer is read. */
  readonly timeoutSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** 256 embeddings of 16,000 numbers. Whoever sends more is no endpoint for embeddings. */
const largestAnswer = 128 * 1024 * 1024;
/** Milliseconds that a timer of Node can wait. */
const longestTimer = 2 ** 31 - 1;
const largestRefusal = 64 * 1024;

/** One request. Redirects are not followed: the key is meant for this host alone. Throws what `endpointError` and `readEmbeddings` say, and `cancelled`. */
export async function postTexts(texts: readonly string[], to: Correspondence, signal: AbortSignal): Promise<EmbeddingAnswer> {
  const timeout = AbortSignal.timeout(Math.min(to.timeoutSeconds * 1000, longestTimer));
  try {
    const response = await fetch(to.address, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(to.key === null ? {} : { authorization: `Bearer ${to.key}` }),
      },
      body: JSON.stringify({ model: to.model, input: texts }),
      signal: AbortSignal.any([signal, timeout]),
    });
    if (response.ok) return readEmbeddings(await readBody(response, largestAnswer), texts.length);
    const refusal = {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      location: response.headers.get('location'),
      body: await readBody(response, largestRefusal),
    };
    throw endpointError(refusal, { address: to.address, model: to.model, key: to.key, now: to.now() });
  } catch (error) {
    if (signal.aborted) throw new MigrationError('cancelled', { cause: error });
    if (error instanceof MigrationError) throw error;
    const context = { endpoint: to.address, seconds: to.timeoutSeconds };
    if (timeout.aborted) throw new MigrationError('embedding-endpoint-timeout', { context, cause: error });
    throw new MigrationError('embedding-endpoint-unreachable', {
      context: { endpoint: to.address, detail: reasonOf(error) },
      cause: error,
    });
  }
}

async function readBody(response: Response, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  if (response.body === null) return text;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > most) throw new MigrationError('embedding-answer-malformed', { context: { detail: `it is longer than ${most} bytes` } });
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** `fetch` says "fetch failed", and why in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
  return (code === null ? null : (reasons[code] ?? code)) ?? cause.message;
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  EHOSTUNREACH: 'no way leads to this host',
  ENETUNREACH: 'no way leads to this network',
  ETIMEDOUT: 'the host does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'the host does not answer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};
