import assert from 'node:assert/strict';
import { compileRowEncoder } from '../../src/core/mapping/row-encoder.ts';
import type { SourceValue } from '../../src/core/model/source-value.ts';
import type { ColumnConversion } from '../../src/core/model/type-mapping.ts';
import type { Target } from '../../src/core/target/target.ts';
import { ByteWriter } from '../../src/core/tuple/byte-writer.ts';
import { copyHeader, copyTrailer } from './copy-bytes.ts';
import { defaultOptions } from './encode-cell.ts';

/** Encodes rows and sends them by binary COPY; `sql` is the COPY statement. Returns the tuples as they were sent. */
export async function copyRows(
  target: Target,
  sql: string,
  columns: readonly ColumnConversion[],
  rows: readonly (readonly SourceValue[])[],
): Promise<Buffer[]> {
  const encoder = compileRowEncoder(columns, defaultOptions);
  const out = new ByteWriter();
  const tuples = rows.map((row) => {
    out.reset();
    assert.equal(encoder.encode(row, out), null);
    return Buffer.from(out.view());
  });
  const copy = await target.copyIn(sql);
  await copy.write(Buffer.concat([copyHeader, ...tuples, copyTrailer]));
  assert.equal(await copy.end(), rows.length);
  return tuples;
}
