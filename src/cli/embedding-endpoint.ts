import { Option } from 'commander';
import { MigrationError, parseEndpoint } from '../core/index.ts';
import type { Session } from './execute.ts';
import type { Terminal } from './terminal.ts';

const usualVariable = 'SLUICE_EMBEDDING_KEY';

export const keyOption = (): Option =>
  new Option('--key-env <name>', `environment variable that holds the key (default: ${usualVariable}, where it is set)`);

/** Where texts go, and with which key. Warns of a way that nothing encrypts. Throws `bad-embedding-endpoint` and `embedding-key-missing`. */
export function chooseEndpoint(
  url: string,
  keyVariable: string | undefined,
  { terminal, warn }: Pick<Session, 'terminal' | 'warn'>,
): { readonly address: string; readonly key: string | null } {
  const { address, exposed } = parseEndpoint(url);
  const key = readKey(keyVariable, terminal.environment);
  if (exposed) warn(`texts${key === null ? '' : ' and key'} go to ${address} without encryption; use https:// where others can listen`);
  return { address, key };
}

/** null: none is needed, or so it seems. The key itself is in no message. Throws `embedding-key-missing`. */
function readKey(named: string | undefined, environment: Terminal['environment']): string | null {
  const variable = named ?? usualVariable;
  const key = environment[variable] ?? '';
  if (key === '') {
    if (named === undefined) return null;
    throw new MigrationError('embedding-key-missing', {
      context: { variable, state: key === environment[variable] ? 'is empty' : 'is not set' },
    });
  }
  // A line break at the end, or a quotation mark that an editor made typographic.
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new MigrationError('embedding-key-missing', {
      context: { variable, state: 'holds spaces, line breaks or other signs that no key has' },
    });
  return key;
}
