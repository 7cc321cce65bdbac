import { MigrationError, type ErrorContext } from '../../errors.ts';

/** An answer that is no success. */
export interface Refusal {
  readonly status: number;
  /** As the endpoint sent them. */
  readonly retryAfter: string | null;
  readonly location: string | null;
  readonly body: string;
}

interface Asked {
  readonly address: string;
  readonly model: string;
  readonly key: string | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Worth another try: too many requests, timeouts of the other side, and what is broken there for a moment. */
const passing: ReadonlySet<number> = new Set([408, 409, 425, 429, 500, 502, 503, 504, 529]);
/** What is said of texts that are too long, or of too many of them. */
const aboutTexts: ReadonlySet<number> = new Set([400, 413, 422]);

/** What an answer other than 2xx means. The key is taken out of what the endpoint says. */
export function endpointError(refusal: Refusal, asked: Asked): MigrationError {
  const { status } = refusal;
  const { code: said, message } = readMessage(refusal.body);
  const reason = shortened(withoutKey(message, asked.key));
  const context: ErrorContext = { endpoint: asked.address, model: asked.model, status, ...(reason === '' ? {} : { reason }) };
  if (status === 401 || status === 403)
    return new MigrationError('embedding-key-refused', { context: { ...context, given: asked.key !== null } });
  if (isAboutModel(status, said, message)) return new MigrationError('no-such-embedding-model', { context });
  // An account without money answers as one that asks too fast, and waiting does not help it.
  if (status === 429 && said === 'insufficient_quota') return new MigrationError('embedding-endpoint-busy', { context, kind: 'terminal' });
  if (passing.has(status)) {
    const wait = secondsToWait(refusal.retryAfter, asked.now);
    return new MigrationError('embedding-endpoint-busy', { context: { ...context, ...(wait === null ? {} : { retryAfter: wait }) } });
  }
  if (aboutTexts.has(status)) return new MigrationError('embedding-text-refused', { context });
  if (status >= 300 && status < 400)
    return new MigrationError('embedding-endpoint-wrong', { context: { ...context, ...leadsTo(refusal) } });
  return new MigrationError('embedding-endpoint-wrong', { context });
}

/** Retry-After as seconds or as a date; null when it says neither. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function secondsToWait(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000));
}

/** `{ error: { message, code } }` as OpenAI has it, `{ error: "…" }`, `{ message }`, `{ detail }`, or plain text. */
function readMessage(body: string): { readonly code: string; readonly message: string } {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return { code: '', message: body.trimStart().startsWith('<') ? '' : body };
  }
  const { error, message, detail, error_type: type } = fieldsOf(answer);
  const inner = fieldsOf(error);
  const text = [inner['message'], error, message, detail].find((candidate) => typeof candidate === 'string');
  const code = [inner['code'], type].find((candidate) => typeof candidate === 'string');
  return { code: typeof code === 'string' ? code : '', message: typeof text === 'string' ? text : '' };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

const modelMissing =
  /model\b.*\b(not found|not exist|unknown|not loaded|not available)|(no such|unknown|invalid) model|no models? loaded/is;

function isAboutModel(status: number, code: string, message: string): boolean {
  return (status === 404 || status === 400 || status === 422) && (code === 'model_not_found' || modelMissing.test(message));
}

/** The address it leads to, without what may be a secret. */
function leadsTo({ location }: Refusal): { readonly location?: string } {
  const url = location === null ? null : URL.parse(location);
  return url === null ? {} : { location: `${url.origin}${url.pathname}` };
}

function withoutKey(text: string, key: string | null): string {
  return key === null ? text : text.replaceAll(key, '…');
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line.replace(/\.$/, '');
}
