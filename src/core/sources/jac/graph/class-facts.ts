import type { Anchor, PythonValue } from '../anchor.ts';
import { FieldFacts } from './field-facts.ts';

/** The records of one class, counted. */
export class ClassFacts {
  readonly kind: Anchor['kind'];
  readonly name: string;
  records = 0;
  /** Edges that say nothing of their ends. */
  endless = 0;
  readonly fields = new Map<string, FieldFacts>();
  /** Records by the module that the file names. */
  readonly modules = new Map<string, number>();
  /** Of the record with the most fields, and of several such of the one with the least id. */
  #model: { readonly id: string; readonly fields: readonly string[] } = { id: '', fields: [] };

  constructor(kind: Anchor['kind'], name: string) {
    this.kind = kind;
    this.name = name;
  }

  add({ id, module, fields, ends }: Anchor): void {
    this.records++;
    if (ends === null) this.endless++;
    this.modules.set(module, (this.modules.get(module) ?? 0) + 1);
    for (const [name, value] of fields) this.#field(name).add(value);
    const { size } = fields;
    if (this.records === 1 || size > this.#model.fields.length || (size === this.#model.fields.length && id < this.#model.id))
      this.#model = { id, fields: [...fields.keys()] };
  }

  /** As the model has them, and then those that it lacks by name: the same whatever the order of the records. */
  fieldNames(): readonly string[] {
    const known = new Set(this.#model.fields);
    return [...this.#model.fields, ...[...this.fields.keys()].filter((name) => !known.has(name)).toSorted()];
  }

  /** Records that do not have the field. */
  missing(field: string): number {
    const counts = this.fields.get(field)?.counts.values() ?? [];
    return this.records - [...counts].reduce((sum, count) => sum + count, 0);
  }

  #field(name: string): FieldFacts {
    let facts = this.fields.get(name);
    if (facts === undefined) this.fields.set(name, (facts = new FieldFacts()));
    return facts;
  }
}

/** Facts of every class of a store, nodes, edges and objects apart. */
export class AllFacts {
  readonly #classes = new Map<string, ClassFacts>();

  add(anchor: Anchor): void {
    const key = `${anchor.kind} ${anchor.className}`;
    let facts = this.#classes.get(key);
    if (facts === undefined) this.#classes.set(key, (facts = new ClassFacts(anchor.kind, anchor.className)));
    facts.add(anchor);
  }

  of(kind: Anchor['kind']): readonly ClassFacts[] {
    return [...this.#classes.values()].filter((facts) => facts.kind === kind).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** The nodes that a record holds in its fields, by field. */
export function* referencesOf(fields: ReadonlyMap<string, PythonValue>): Generator<readonly [field: string, id: string]> {
  for (const [field, value] of fields)
    if (typeof value === 'object' && value !== null && 'tag' in value && value.tag === 'node') yield [field, value.id];
}
