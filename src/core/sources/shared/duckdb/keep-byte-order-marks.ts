import { TextDecoder } from 'node:util';
import accessors from '@duckdb/node-api/lib/vectors/dataAccessors.js';

/**
 * The driver reads texts with a decoder that takes a byte order mark at their beginning away, without a word. It looks that decoder up at each text, so
 * that another one can stand in its place. A test of `readChunks` fails should a new driver do it differently.
 */
export function keepByteOrderMarks(): void {
  (accessors as { textDecoder: TextDecoder }).textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
}
