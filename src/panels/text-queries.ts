import { MigrationError } from '../core/errors.ts';
import type { NeighbourQuery } from '../core/model/neighbours.ts';
import type { NeighboursPanelEmbedding } from '../protocol/neighbours-panel.ts';
import type { PanelDeps } from './panel-deps.ts';

interface ColumnName {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

/** Makes vectors of the texts that one panel searches with. The last one is remembered, so that another k or effort sends no text again. */
export class TextQueries {
  readonly #deps: Pick<PanelDeps, 'embedding' | 'engines'>;
  readonly #column: ColumnName;
  /** The plan's own model, which beats that of the settings. */
  readonly #plannedModel: () => string | null;
  #last: { readonly asked: string; readonly vector: Float32Array } | null = null;

  constructor(deps: Pick<PanelDeps, 'embedding' | 'engines'>, column: ColumnName, plannedModel: () => string | null) {
    this.#deps = deps;
    this.#column = column;
    this.#plannedModel = plannedModel;
  }

  /** Where a text would go; null when no endpoint and model are set. */
  endpoint(): NeighboursPanelEmbedding | null {
    const { endpoint, model: usual } = this.#deps.embedding;
    const model = this.#plannedModel() ?? usual;
    return endpoint === null || model === '' ? null : { origin: new URL(endpoint.address).origin, model, exposed: endpoint.exposed };
  }

  /** `dimensions`: of the column, 0 = any; asked before the text is sent anywhere. Throws `embedding-dimensions-differ`, and as the endpoint is. */
  async vectorOf(text: string, dimensions: () => Promise<number>, signal: AbortSignal): Promise<NeighbourQuery> {
    const { embedding, engines } = this.#deps;
    const model = this.#plannedModel();
    const endpoint = await embedding.access(model === null ? {} : { model });
    const asked = JSON.stringify([endpoint.address, endpoint.model, text]);
    if (this.#last?.asked !== asked) {
      const expected = await dimensions();
      const { vector } = await engines.browse('embedText', { endpoint, text }, signal);
      if (expected !== 0 && vector.length !== expected) throw this.#ofOtherModel(endpoint.model, vector.length, expected);
      this.#last = { asked, vector };
    }
    return { kind: 'vector', vector: `[${this.#last.vector.join(',')}]` };
  }

  #ofOtherModel(model: string, given: number, expected: number): MigrationError {
    const { schema, table, column } = this.#column;
    return new MigrationError('embedding-dimensions-differ', {
      context: { table: `${schema}.${table}`, column, model, given, expected, declared: true },
    });
  }
}
