import { MigrationError } from '../../errors.ts';

/** Where texts are sent to. */
export interface EmbeddingEndpoint {
  /** What answers `POST`; holds no secret, so that it may be shown. */
  readonly address: string;
  /** Texts and key leave this machine, and nothing encrypts them. */
  readonly exposed: boolean;
}

/**
 * "http://127.0.0.1:11434/v1" or the same with "/embeddings". Scheme, host and path only: whatever else an address can hold may be a secret, and would be
 * shown, kept by the shell and logged by others. Throws `bad-embedding-endpoint`, which does not repeat the address.
 */
export function parseEndpoint(text: string): EmbeddingEndpoint {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw refused('it is no http:// or https:// address');
  if (url.username !== '' || url.password !== '') throw refused('it holds a user name or a password');
  if (url.search !== '' || url.hash !== '') throw refused('it has a query or a fragment, which may hold a secret');
  const path = url.pathname.replace(/\/+$/, '');
  return {
    address: `${url.origin}${path.endsWith('/embeddings') ? path : `${path}/embeddings`}`,
    exposed: url.protocol === 'http:' && !isThisMachine(url.hostname),
  };
}

/** As URL writes host names: lower case, IPv4 in four numbers, IPv6 in brackets. */
function isThisMachine(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function refused(detail: string): MigrationError {
  return new MigrationError('bad-embedding-endpoint', { context: { detail } });
}
