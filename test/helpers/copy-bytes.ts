/** Bytes of binary COPY, written down independently of the encoder under test. */
export const copyHeader = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
export const copyTrailer = Buffer.from([0xff, 0xff]);

export function int4(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** null = SQL NULL. */
export function tuple(...fields: readonly (Uint8Array | null)[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeInt16BE(fields.length);
  return Buffer.concat([count, ...fields.flatMap((field) => (field === null ? [int4(-1)] : [int4(field.length), field]))]);
}

export async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Buffer[] = [];
  // A piece may be reused by its source.
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return Buffer.concat(all);
}
