import type { Connection } from '../../shared/sqlite/connection.ts';
import type { Anchor, BrokenRecord } from '../anchor.ts';
import { referencesOf } from './class-facts.ts';
import { accessJson, fieldsJson } from './value-json.ts';

const schema = `
CREATE TABLE anchors (id PRIMARY KEY, kind, class, module, root_id, source, target, undirected, access, edges, fields);
CREATE TABLE unreadable (number INTEGER PRIMARY KEY, key, byte, reason);
CREATE TABLE users (name PRIMARY KEY, root_id);
CREATE TABLE "own edge_order" (edge, node, position, PRIMARY KEY (edge, node)) WITHOUT ROWID;
CREATE TABLE "own reference" (kind, class, field, node);
`;

/** Every record as it was, in the database, beside what is needed to sort them into tables. Names of ours begin with a word that is no table of a graph. */
export class RecordStore {
  readonly #insert;
  readonly #order;
  readonly #reference;
  readonly #broken;
  readonly #user;

  constructor(connection: Connection) {
    connection.exec(schema);
    this.#insert = connection.prepare(`INSERT OR IGNORE INTO anchors VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#order = connection.prepare(`INSERT OR IGNORE INTO "own edge_order" VALUES (?, ?, ?)`);
    this.#reference = connection.prepare(`INSERT INTO "own reference" VALUES (?, ?, ?, ?)`);
    this.#broken = connection.prepare(`INSERT INTO unreadable (key, byte, reason) VALUES (?, ?, ?)`);
    this.#user = connection.prepare(`INSERT OR IGNORE INTO users VALUES (?, ?)`);
  }

  /** false: a record of this id is there already. */
  add(anchor: Anchor): boolean {
    const { kind, id, className, module, rootId, access, fields, edges, ends } = anchor;
    const { changes } = this.#insert.run(
      id,
      kind,
      className,
      module,
      rootId,
      ends?.source ?? null,
      ends?.target ?? null,
      ends === null ? null : ends.undirected ? 1 : 0,
      access === null ? null : accessJson(access),
      kind === 'node' ? JSON.stringify(edges) : null,
      fieldsJson(fields),
    );
    if (changes === 0) return false;
    edges.forEach((edge, position) => this.#order.run(edge, id, BigInt(position)));
    for (const [field, node] of referencesOf(fields)) this.#reference.run(kind, className, field, node);
    return true;
  }

  addBroken({ key, offset, reason }: BrokenRecord): void {
    this.#broken.run(key, offset === null ? null : BigInt(offset), reason);
  }

  addUser(name: string, rootId: string): void {
    this.#user.run(name, rootId);
  }
}
