import type { ErrorContext } from '../../../error-context.ts';
import { MigrationError } from '../../../errors.ts';

/** Runs `work`; what DuckDB throws becomes a MigrationError that says what is wrong with the store. */
export async function namingDuckDbErrors<T>(context: ErrorContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toStoreError(error, context);
  }
}

/** Errors that are ours already, and what no driver threw, stay what they are. */
function toStoreError(error: unknown, context: ErrorContext): unknown {
  if (error instanceof MigrationError || !(error instanceof Error) || error instanceof TypeError || error instanceof RangeError)
    return error;
  const detail = firstLine(error.message);
  const found = diagnoses.find(({ pattern }) => pattern.test(error.message));
  const options = { context: { ...context, detail, ...found?.more(error.message) }, cause: error };
  return new MigrationError(found?.code ?? 'source-read-failed', options);
}

/** What DuckDB says first; the rest shows where in the statement. */
export function firstLine(message: string): string {
  return (message.split('\n', 1)[0] ?? '').replace(/\.$/, '');
}

export const lockedHint = 'Close the program that writes to it, or migrate a copy of it and of its .wal file.';

interface Diagnosis {
  readonly pattern: RegExp;
  readonly code: 'source-locked' | 'store-too-new' | 'encrypted-store' | 'corrupt-store';
  readonly more: (message: string) => ErrorContext;
}

/** Words of DuckDB's messages; it has no codes. The first that fits. */
const diagnoses: readonly Diagnosis[] = [
  {
    pattern: /Could not set lock|Conflicting lock|being used by another process/i,
    code: 'source-locked',
    more: () => ({ hint: lockedHint }),
  },
  { pattern: /version number \d+/i, code: 'store-too-new', more: versionsIn },
  {
    pattern: /encrypt/i,
    code: 'encrypted-store',
    more: () => ({
      hint: 'In DuckDB, ATTACH it with its key and a new file without one, COPY FROM DATABASE into that, and name the new file.',
    }),
  },
  {
    pattern:
      /checksum|corrupt|not a valid|Could not read|metadata pointer|deserializ|TProtocolException|Invalid string encoding|too small to be/i,
    code: 'corrupt-store',
    more: () => ({ hint: 'Restore it from a backup, or copy it again from where it came from (a database with its .wal file).' }),
  },
];

/** "version number 99, but we can only read versions between 64 and 68". */
function versionsIn(message: string): ErrorContext {
  const numbers = /version number (\d+).*?between (\d+) and (\d+)/s.exec(message);
  return numbers === null ? {} : { found: numbers[1], oldest: numbers[2], newest: numbers[3] };
}
