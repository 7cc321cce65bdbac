import type { Cursor } from '../model/row-batch.ts';
import { Chunk, isFull } from './chunk.ts';

/** Encoded rows of all tables of a group between two cursors: one transaction. Reused. */
export class GroupChunk {
  /** One for each table. */
  readonly parts: readonly Chunk[];
  /** Behind the last row, or document, of this chunk. */
  cursor: Cursor | null = null;
  /** The range ends with this chunk. */
  last = false;

  constructor(tables: number) {
    this.parts = Array.from({ length: tables }, () => new Chunk());
  }

  /** All parts together are. */
  get full(): boolean {
    return isFull(this.parts);
  }

  get rejects(): number {
    return this.parts.reduce((sum, { rejects }) => sum + rejects.length, 0);
  }

  reset(): void {
    for (const part of this.parts) part.reset();
    this.cursor = null;
    this.last = false;
  }
}
