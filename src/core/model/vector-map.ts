import type { VectorMetric } from './neighbours.ts';

export type Projection = 'pca' | 'umap';

/** What to draw of a vector column. The same settings on the same rows give the same picture. */
export interface MapWish {
  readonly projection: Projection;
  /** Rows to draw; null = all that fit (`MapPicture.limit`). */
  readonly sample: number | null;
  /** Decides which rows are taken and where the layout begins. */
  readonly seed: number;
  /** Column whose values colour the points; null = none. */
  readonly colour: string | null;
}

/** Points with one colour, at the place of their code in `MapPicture.categories`. */
export interface MapCategory {
  /** `value`: one value, or a range of a number; `other`: values too rare for a colour of their own; `null`: NULL; `all`: nothing to colour by. */
  readonly kind: 'value' | 'other' | 'null' | 'all';
  readonly text: string;
  readonly points: number;
}

/** A sample of a vector column in two dimensions. Everything about a point stands at its place in the arrays. */
export interface MapPicture {
  /** `schema.table`. */
  readonly table: string;
  readonly column: string;
  readonly dimensions: number;
  /** That of the best index on the column, cosine without one. */
  readonly metric: VectorMetric;
  readonly projection: Projection;
  readonly seed: number;
  readonly colour: string | null;
  /** Column that names a row; null when the table has only vectors. */
  readonly label: string | null;
  /** Rows of the table. */
  readonly rows: number;
  /** Rows that can be drawn: those with a vector of `dimensions`. */
  readonly drawable: number;
  /** Most rows that this projection draws of such vectors. */
  readonly limit: number;
  /** Rows that were left out, by reason. */
  readonly leftOut: { readonly withoutVector: number; readonly otherDimensions: number; readonly notFinite: number };
  /** x and y of each point. */
  readonly positions: Float32Array;
  /** Place in `categories` of each point. */
  readonly codes: Uint8Array;
  readonly categories: readonly MapCategory[];
  /** Share of the variance along both axes, 0 to 1; null for UMAP, whose axes mean nothing. */
  readonly variance: readonly [number, number] | null;
  /** The layout was computed before, of exactly these rows. */
  readonly cached: boolean;
  readonly seconds: number;
}

/** What the engine gives: the picture, and what names each point. */
export interface VectorMap extends MapPicture {
  /** Primary key as text, else the place of the row. */
  readonly keys: readonly (readonly string[])[];
  /** Beginning of the label, null for NULL. */
  readonly labels: readonly (string | null)[];
}

/** `read`: rows come from the target; `neighbours`: the nearest of each are found, which has no measure; `layout`: epochs. */
export type MapStage = 'read' | 'project' | 'neighbours' | 'layout';
