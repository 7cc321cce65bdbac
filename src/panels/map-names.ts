import { cellText } from '../core/model/cell-text.ts';
import { labelColumn } from '../core/model/label-column.ts';
import type { Cell, RowsColumn } from '../core/model/rows.ts';
import type { NearPoint, PointName } from '../protocol/vector-map-panel.ts';

/** What the points of a map are called. The page asks for the few that it shows. */
export class MapNames {
  readonly #keys: readonly (readonly string[])[];
  readonly #labels: readonly (string | null)[];
  readonly #points = new Map<string, number>();

  constructor(keys: readonly (readonly string[])[], labels: readonly (string | null)[]) {
    this.#keys = keys;
    this.#labels = labels;
    keys.forEach((key, point) => this.#points.set(JSON.stringify(key), point));
  }

  key(point: number): readonly string[] {
    return this.#keys[point] ?? [];
  }

  of(point: number): PointName {
    return toName(this.#labels[point] ?? null, this.key(point));
  }

  /** A row that the target named. */
  named(key: readonly string[], columns: readonly RowsColumn[], row: readonly Cell[]): Omit<NearPoint, 'similarity'> {
    const label = labelColumn(columns);
    const text = label === null ? null : cellText(row[columns.indexOf(label)] ?? null);
    return { ...toName(text, key), point: this.#points.get(JSON.stringify(key)) ?? null };
  }

  find(text: string): Uint32Array {
    const wanted = text.toLowerCase();
    const found: number[] = [];
    for (let point = 0; point < this.#keys.length; point++) {
      const { title, id } = this.of(point);
      if (title.toLowerCase().includes(wanted) || id.toLowerCase().includes(wanted)) found.push(point);
    }
    return Uint32Array.from(found);
  }

  /** Place of each point when they are sorted by title. */
  order(): Uint32Array {
    const titles = this.#keys.map((_, point) => this.of(point).title);
    const sorted = titles.map((_, point) => point).sort((a, b) => (titles[a]! < titles[b]! ? -1 : titles[a]! > titles[b]! ? 1 : a - b));
    const order = new Uint32Array(sorted.length);
    sorted.forEach((point, at) => (order[point] = at));
    return order;
  }
}

function toName(label: string | null, key: readonly string[]): PointName {
  const id = key.join(', ');
  return { title: label?.replace(/\s+/g, ' ').trim() || id, id };
}

/** Longest value that stands in a line of facts, and how many. */
const longestFact = 40;
const mostFacts = 4;

/** "water · assigned · 2026-02-26": what is short, not the key and not the label. */
export function factsOf(columns: readonly RowsColumn[], row: readonly Cell[]): string {
  const label = labelColumn(columns);
  return columns
    .flatMap((column, i) => {
      const value = cellText(row[i] ?? null);
      const isShort = value !== null && value !== '' && value.length <= longestFact;
      return isShort && column.key === null && column !== label ? [value.replace(/\s+/g, ' ')] : [];
    })
    .slice(0, mostFacts)
    .join(' · ');
}

const categoryNames = /(^|_)(category|kind|type|class|label|group|topic|status|state|role|language|source|cluster)$/i;
const categoryTypes = /^(text|character|varchar|citext|boolean|smallint)|^[^ ]+_(kind|type|status|enum)$/;

/** Column that looks like a category, by its name; null when none does. */
export function defaultColour(columns: readonly RowsColumn[]): string | null {
  return columns.find(({ name, type, key }) => key === null && categoryNames.test(name) && categoryTypes.test(type))?.name ?? null;
}
