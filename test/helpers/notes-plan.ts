import type { PlanInput } from '../../src/core/plan/plan-schema.ts';
import { wordDimensions } from './word-vectors.ts';

type Table = PlanInput['tables'][number];

/** As `sluice embed` and the editor read it from a plan. */
export const notesEmbed = { from: ['title'], to: 'embedding', model: 'glove', dimensions: wordDimensions };

/** Plan of `notes.db`: one table `notes` of id, title and embedding. `stored`: the store has the embeddings, as float32 blobs; else none does. */
export function notesPlan(profile: string, stored: boolean, more: Pick<Table, 'embed' | 'indexes'> = {}): PlanInput {
  const type = `vector(${wordDimensions})`;
  const embedding = stored ? { from: 'embedding', to: 'embedding', type, convert: 'float32-blob' } : { from: null, to: 'embedding', type };
  return {
    version: 1,
    name: 'notes',
    sources: { main: { kind: 'sqlite', path: 'notes.db' } },
    target: { profile },
    tables: [
      {
        source: 'main',
        from: 'notes',
        to: 'notes',
        columns: [{ from: 'id', to: 'id', type: 'bigint', nullable: false }, { from: 'title', to: 'title', type: 'text' }, embedding],
        primaryKey: ['id'],
        ...more,
      },
    ],
  };
}
