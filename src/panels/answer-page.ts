import { MigrationError, toErrorShape } from '../core/errors.ts';
import { panelProtocolVersion, type PanelRequest, type ToHost, type ToPanel } from '../protocol/panel-protocol.ts';
import type { Check } from './check-params.ts';

export interface PageSurroundings {
  /** Answers by name of the method; typed where they are written. */
  readonly handlers: object;
  /** Checks by name of the method; what has none is refused. */
  readonly checks: object;
  /** Nothing is opened or started for a page in a workspace that is not trusted. */
  readonly isAllowed: () => boolean;
}

type Handler = (params: unknown, signal: AbortSignal) => unknown;

/** What a page sent, when it is a message; null otherwise. The parameters are checked by `answerPage`. */
export function readMessage(message: unknown): ToHost | null {
  if (typeof message !== 'object' || message === null) return null;
  const { v, id, cancel, method, params } = message as Readonly<Record<string, unknown>>;
  if (typeof v !== 'number') return null;
  if (typeof cancel === 'number') return { v, cancel };
  return typeof id === 'number' && typeof method === 'string' ? { v, id, method, params } : null;
}

/** Answers one request of a page. Never rejects: errors are answers too. */
export async function answerPage(
  { handlers, checks, isAllowed }: PageSurroundings,
  { v, id, method, params }: PanelRequest,
  signal: AbortSignal,
): Promise<Exclude<ToPanel, { readonly event: string }>> {
  try {
    if (v !== panelProtocolVersion)
      throw new MigrationError('bad-usage', {
        context: { detail: 'This page is older than the extension', hint: 'Close the tab and open it again.' },
      });
    if (!isAllowed()) throw new MigrationError('workspace-not-trusted');
    const handler = own<Handler>(handlers, method);
    const check = own<Check>(checks, method);
    if (handler === undefined || check === undefined)
      throw new MigrationError('internal', { context: { detail: `the page asked for ${JSON.stringify(method.slice(0, 100))}` } });
    if (!check(params))
      throw new MigrationError('internal', { context: { detail: `the page sent parameters that ${method} does not take` } });
    return { v, id, result: await handler(params, signal) };
  } catch (error) {
    return { v, id, error: toErrorShape(error) };
  }
}

function own<T>(methods: object, method: string): T | undefined {
  return Object.hasOwn(methods, method) ? (methods as Readonly<Record<string, T>>)[method] : undefined;
}
