/** How the documents of a file are told apart: one a line, or values one after the other, arrays of them included. */
export type Framing = 'lines' | 'values';

/** What may come at a place: a document, an element of the array at the top, or the comma behind one. */
export type PlaceState = 'top' | 'first-element' | 'element' | 'behind-element';

/** A place in front of a document. */
export interface Place {
  /** Bytes in front of it. */
  readonly at: number;
  /** Number of the line, from 1. */
  readonly line: number;
  /** Number of the document, from 0. */
  readonly document: number;
  readonly state: PlaceState;
}
