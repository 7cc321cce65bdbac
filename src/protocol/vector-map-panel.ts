import type { VectorMetric } from '../core/model/neighbours.ts';
import type { RowsColumn } from '../core/model/rows.ts';
import type { MapPicture, MapStage, MapWish } from '../core/model/vector-map.ts';
import type { CommonPanelMethods } from './panel-protocol.ts';
import type { VectorMapPanelSubject } from './panel-subjects.ts';

export interface VectorMapPanelInit {
  readonly subject: VectorMapPanelSubject;
  /** As declared; 0 when each row may have its own. */
  readonly dimensions: number;
  /** What points can be coloured by. */
  readonly columns: readonly RowsColumn[];
  /** Column to colour by at first, null when none looks like a category. */
  readonly colour: string | null;
}

/** A picture as the page gets it: what names a point is asked for. */
export interface DrawnMap extends MapPicture {
  /** Requests about points name the picture that their places belong to. */
  readonly picture: number;
  /** Place of each point when they are sorted by label. */
  readonly labelOrder: Uint32Array;
}

export interface PointName {
  /** Label, or the key where a row has none. */
  readonly title: string;
  /** Key, as text. */
  readonly id: string;
}

export interface NearPoint extends PointName {
  /** null: the row is not in the sample. */
  readonly point: number | null;
  readonly similarity: number;
}

export interface NearestPoints {
  readonly metric: VectorMetric;
  readonly dimensions: number;
  /** Of the point asked for. */
  readonly vector: Float32Array;
  /** Short values of its row in one line. */
  readonly facts: string;
  readonly nearest: readonly NearPoint[];
}

interface AboutPoints {
  readonly picture: number;
  readonly points: readonly number[];
}

interface AboutPoint {
  readonly picture: number;
  readonly point: number;
}

/** Requests about a picture that is no longer the last one are answered with `cancelled`. */
export interface VectorMapPanelMethods extends CommonPanelMethods {
  ready: { params: Record<string, never>; result: VectorMapPanelInit };
  /** Tells the event `progress` (MapProgress) meanwhile. */
  draw: { params: MapWish; result: DrawnMap };
  names: { params: AboutPoints; result: readonly PointName[] };
  /** Points whose label or key has the text in it, in any case. */
  find: { params: { readonly picture: number; readonly text: string }; result: Uint32Array };
  /** By the column's metric on all dimensions, among all rows of the table. */
  nearest: { params: AboutPoint & { readonly k: number }; result: NearestPoints };
  /** `shown`: rows that the condition names; it is bounded. */
  openRows: { params: AboutPoints; result: { readonly shown: number } };
  openNeighbours: { params: AboutPoint; result: null };
  copyIds: { params: AboutPoints; result: null };
}

export interface MapProgress {
  readonly stage: MapStage;
  readonly done: number;
  readonly total: number;
}

/** Kept by the page with setState. */
export interface VectorMapPanelState {
  readonly subject: VectorMapPanelSubject;
  readonly wish: MapWish;
  readonly view: 'map' | 'list';
  /** Categories that are dimmed, by their text. */
  readonly off: readonly string[];
  /** `image`: points are drawn without the graphics card; chosen by nobody, it is for tests. */
  readonly renderer?: 'image';
}
