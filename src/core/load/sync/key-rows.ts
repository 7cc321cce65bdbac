import type { TargetSession } from '../../target/target.ts';
import { clearKeysSql, copyKeysSql } from '../../sql/existing/synced-rows.ts';
import type { TupleSummer } from '../../tuple/tuple-summer.ts';
import { Chunk } from '../chunk.ts';
import { copyRows } from '../copy-rows.ts';

/** Keys and hashes of encoded rows, for `pg_temp.sluice_keys`. */
export class KeyRows {
  readonly #chunk = new Chunk();
  /** Positions of the key's columns in a tuple. */
  readonly #key: readonly number[];
  readonly #summer: TupleSummer;

  constructor(key: readonly number[], summer: TupleSummer) {
    this.#key = key;
    this.#summer = summer;
  }

  get full(): boolean {
    return this.#chunk.full;
  }

  /** The encoded row `buffer[start, end)`, under a number. */
  add(row: number, buffer: Buffer, start: number, end: number): void {
    const { tuples, offsets } = this.#chunk;
    this.#summer.read(buffer, start, end);
    tuples.ensure(34);
    tuples.dataView.setInt16(tuples.position, this.#key.length + 2);
    tuples.dataView.setInt32(tuples.position + 2, 8);
    tuples.dataView.setBigInt64(tuples.position + 6, BigInt(row));
    tuples.position += 14;
    const fields = fieldsOf(buffer, start);
    for (const position of this.#key) tuples.copy(buffer, fields[position] as number, fields[position + 1] as number);
    tuples.ensure(20);
    tuples.dataView.setInt32(tuples.position, 16);
    for (const [lane, bits] of this.#summer.lanes.entries()) tuples.dataView.setUint32(tuples.position + 4 + 4 * lane, bits);
    tuples.position += 20;
    offsets.push(tuples.position);
  }

  /** Sends them, behind those that were sent before, and forgets them. */
  async send(session: TargetSession, signal: AbortSignal): Promise<void> {
    await copyRows(session, copyKeysSql, this.#chunk, 0, this.#chunk.rows, signal);
    this.#chunk.reset();
  }

  /** Instead of what is staged. */
  async replace(session: TargetSession, signal: AbortSignal): Promise<void> {
    await session.query(clearKeysSql);
    await this.send(session, signal);
  }
}

/** Where each field of a binary tuple begins, its length included, and where the last one ends. */
function fieldsOf(buffer: Buffer, start: number): readonly number[] {
  const fields = [start + 2];
  for (let left = buffer.readInt16BE(start), at = start + 2; left > 0; left--) {
    at += 4 + Math.max(0, buffer.readInt32BE(at));
    fields.push(at);
  }
  return fields;
}
