import type { PointName, VectorMapPanelInit } from '../../src/protocol/vector-map-panel.ts';
import { nullMark } from '../shared/cells.ts';
import { createGrid, type Grid, type GridColumn } from '../shared/grid/grid.ts';
import { boundsOf } from './camera.ts';
import { swatch } from './legend.ts';
import type { MapModel } from './map-model.ts';
import { colourOf } from './palette.ts';
import type { PointNames } from './point-names.ts';

type ColumnId = 'title' | 'colour' | 'similarity' | 'x' | 'y' | 'density';

interface ListActions {
  readonly select: (point: number, add: boolean) => void;
  readonly clear: () => void;
  readonly openRows: () => void;
  readonly copy: (text: string) => void;
}

/** Cells of the fitted picture along each side, in which points are counted for the column "density". */
const densityCells = 64;

/** The same points as a table: for keyboards and screen readers, and to sort. */
export class MapList {
  readonly grid: Grid;
  readonly #model: MapModel;
  #sort: { readonly column: ColumnId; readonly descending: boolean } = { column: 'title', descending: false };
  #order = new Uint32Array();
  #density = new Uint32Array();

  constructor(init: VectorMapPanelInit, model: MapModel, names: PointNames, actions: ListActions) {
    this.#model = model;
    this.grid = createGrid<PointName>({
      label: `Points of ${init.subject.table}.${init.subject.column}`,
      columns: [],
      row: (index) => names.of(this.#order[index]!),
      onVisible: (first, end) => names.want([...this.#order.subarray(first, end)]),
      loadRows: (first, end) => names.all([...this.#order.subarray(first, end)]),
      renderCell: (cell, name, column, index) => this.#render(cell, name, column, this.#order[index]!),
      rowClass: (_, index) => this.#classOf(this.#order[index]!),
      cellText: (name, column, index) => this.#text(name, column.id as ColumnId, this.#order[index]!),
      onCopy: actions.copy,
      onSort: ({ id }) => this.#sortBy(id as ColumnId),
      onActivate: ({ row }) => row >= 0 && actions.select(this.#order[row]!, false),
      onKey: (event, { row }) => {
        if (event.key === 'Escape') actions.clear();
        else if (event.key === 'o' && !event.ctrlKey && !event.metaKey) actions.openRows();
        else if (event.key === ' ' && row >= 0) actions.select(this.#order[row]!, true);
        else return false;
        return true;
      },
    });
  }

  /** New points. */
  show(): void {
    this.#density = densities(this.#model.drawn.positions);
    this.#arrange();
    this.grid.scrollToTop();
  }

  /** The selection, or what is dimmed, has changed. */
  refresh(): void {
    if (this.#model.nearest !== null && this.#sort.column !== 'similarity') this.#sort = { column: 'similarity', descending: true };
    else if (this.#model.nearest === null && this.#sort.column === 'similarity') this.#sort = { column: 'title', descending: false };
    this.#arrange();
  }

  focus(): void {
    this.grid.moveTo({ row: Math.max(0, this.grid.position.row), column: this.grid.position.column }, { focus: true });
  }

  #sortBy(column: ColumnId): void {
    const numbers = column !== 'title' && column !== 'colour';
    this.#sort = { column, descending: this.#sort.column === column ? !this.#sort.descending : numbers };
    this.#arrange();
  }

  #arrange(): void {
    const { drawn } = this.#model;
    const value = this.#values();
    const sign = this.#sort.descending ? -1 : 1;
    const order = Uint32Array.from({ length: drawn.codes.length }, (_, point) => point);
    this.#order = order.sort((a, b) => sign * (value(a) - value(b)) || drawn.labelOrder[a]! - drawn.labelOrder[b]!);
    this.grid.setColumns(this.#columns());
    this.grid.setRowCount(order.length);
    this.grid.refresh();
  }

  /** A number for each point to sort by. */
  #values(): (point: number) => number {
    const { drawn } = this.#model;
    switch (this.#sort.column) {
      case 'title':
        return (point) => drawn.labelOrder[point]!;
      case 'colour':
        return (point) => drawn.codes[point]!;
      case 'similarity':
        return (point) => this.#similarity(point) ?? -Infinity;
      case 'x':
        return (point) => drawn.positions[point * 2]!;
      case 'y':
        return (point) => drawn.positions[point * 2 + 1]!;
      case 'density':
        return (point) => this.#density[point]!;
    }
  }

  #columns(): readonly GridColumn[] {
    const { drawn } = this.#model;
    const column = (id: ColumnId, name: string, width: number, align: 'left' | 'right' = 'right'): GridColumn => ({
      id,
      name,
      width,
      align,
      sort: this.#sort.column !== id ? 'none' : this.#sort.descending ? 'descending' : 'ascending',
    });
    return [
      column('title', drawn.label ?? 'row', 380, 'left'),
      column('colour', drawn.colour ?? 'colour', 140, 'left'),
      column('similarity', 'similarity', 110),
      column('x', 'x', 90),
      column('y', 'y', 90),
      column('density', 'density', 90),
    ];
  }

  #render(cell: HTMLElement, name: PointName, { id }: GridColumn, point: number): void {
    const { drawn } = this.#model;
    const code = drawn.codes[point]!;
    const category = drawn.categories[code]!;
    if (id === 'title') cell.append(swatch(colourOf(category, code)), name.title);
    else if (id === 'colour' && category.kind === 'null') cell.append(nullMark());
    else cell.append(this.#text(name, id as ColumnId, point));
  }

  #text(name: PointName, id: ColumnId, point: number): string {
    const { drawn } = this.#model;
    switch (id) {
      case 'title':
        return name.title;
      case 'colour':
        return drawn.categories[drawn.codes[point]!]?.text ?? '';
      case 'similarity':
        return this.#similarity(point) === Infinity ? 'selected' : (this.#similarity(point)?.toFixed(3) ?? '');
      case 'x':
        return drawn.positions[point * 2]!.toFixed(3);
      case 'y':
        return drawn.positions[point * 2 + 1]!.toFixed(3);
      case 'density':
        return String(this.#density[point]);
    }
  }

  /** Of the selected row, which is first, or of one that is near to it. */
  #similarity(point: number): number | null {
    return this.#model.selection.length === 1 && this.#model.selection[0] === point && this.#model.nearest !== null
      ? Infinity
      : this.#model.similarityOf(point);
  }

  #classOf(point: number): string {
    const { selection, off, drawn } = this.#model;
    const isSelected = selection.includes(point);
    const isBeside = selection.length === 1 && !isSelected && this.#model.similarityOf(point) === null;
    return [isSelected ? 'chosen' : '', isBeside || off.has(drawn.codes[point]!) ? 'beside' : ''].join(' ').trim();
  }
}

/** Points in the same cell of the whole picture, the point itself included. */
function densities(positions: Float32Array): Uint32Array<ArrayBuffer> {
  const { left, right, bottom, top } = boundsOf(positions);
  const side = Math.max(right - left, top - bottom) || 1;
  const cellOf = (point: number): number => {
    const column = Math.min(densityCells - 1, Math.floor(((positions[point * 2]! - left) / side) * densityCells));
    const row = Math.min(densityCells - 1, Math.floor(((positions[point * 2 + 1]! - bottom) / side) * densityCells));
    return row * densityCells + column;
  };
  const counts = new Uint32Array(densityCells * densityCells);
  const points = positions.length / 2;
  for (let point = 0; point < points; point++) counts[cellOf(point)]!++;
  return Uint32Array.from({ length: points }, (_, point) => counts[cellOf(point)]!);
}
