import { svg } from '../shared/dom.ts';
import { keyText, type MatchedLists, type MatchedRow } from './match-lists.ts';

/** Pixels. */
const rowHeight = 52;
const width = 88;

/** Lines between the same row in both lists, and stubs at rows that are in one only. Each carries its row's key as `data-key`. */
export function connectors(lists: MatchedLists): SVGElement {
  const indexed = lists.indexed ?? [];
  const height = Math.max(lists.exact.length, indexed.length) * rowHeight;
  const lines = [
    ...lists.exact.map((row) => (row.otherRank === null ? lostStub(row) : line(row, row.otherRank))),
    ...indexed.filter((row) => row.otherRank === null).map(newStub),
  ];
  return svg('svg', { class: 'connectors', width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' }, ...lines);
}

function line(row: MatchedRow, otherRank: number): SVGElement {
  const [from, to] = [middle(row.rank), middle(otherRank)];
  const d = `M4 ${from}C40 ${from} 48 ${to} 84 ${to}`;
  return svg('path', { class: row.rank === otherRank ? 'connector' : 'connector shifted', d, 'data-key': keyText(row.neighbour.key) });
}

function lostStub(row: MatchedRow): SVGElement {
  const y = middle(row.rank);
  return stub(row, `M4 ${y}H22`, `M23 ${y - 3}l6 6m0 -6l-6 6`);
}

function newStub(row: MatchedRow): SVGElement {
  const y = middle(row.rank);
  return stub(row, `M62 ${y}H84`, `M55 ${y - 4}v8m-4 -4h8`);
}

function stub(row: MatchedRow, dashes: string, sign: string): SVGElement {
  const group = { class: `stub ${row.match}`, 'data-key': keyText(row.neighbour.key) };
  return svg('g', group, svg('path', { class: 'dashes', d: dashes }), svg('path', { d: sign }));
}

function middle(rank: number): number {
  return (rank - 0.5) * rowHeight;
}
