/**
 * PostgreSQL's text form → JavaScript, by type oid; a type that is not listed stays text (bigint, numeric, json, dates, arrays, …),
 * so that nothing is rounded or reinterpreted. Float text is the shortest that reads back to the same bits.
 */
export const valueParsers: Readonly<Record<number, (text: string) => unknown>> = {
  16: (text) => text === 't',
  17: parseBytea,
  21: Number,
  23: Number,
  26: Number,
  700: Number,
  701: Number,
};

/** `bytea_output = hex`: `\x0102`. */
function parseBytea(text: string): Uint8Array {
  const bytes = Buffer.from(text.slice(2), 'hex');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
