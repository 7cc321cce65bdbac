import type { AccessLevel, Anchor } from './anchor.ts';
import { RecordFault } from './record-fault.ts';

/** The runtime has moved its classes from module to module, so that only the first part of a module's name tells one of them. */
function isJacModule(module: string): boolean {
  return module === 'jaclang' || module.startsWith('jaclang.');
}

/** What a class of the runtime holds; null = it is no anchor. Walkers, which are seldom saved, are objects. */
export function anchorKind(module: string, className: string): Anchor['kind'] | null {
  if (!isJacModule(module) || !className.endsWith('Anchor')) return null;
  return className === 'NodeAnchor' ? 'node' : className === 'EdgeAnchor' ? 'edge' : 'object';
}

/** Attributes that the runtime keeps for itself in an object of the program. */
export function isInternal(field: string): boolean {
  return field.startsWith('_');
}

const levels: ReadonlyMap<string, AccessLevel> = new Map([
  ['NO_ACCESS', -1],
  ['READ', 0],
  ['CONNECT', 1],
  ['WRITE', 2],
]);

/** By its name or its number; null = there is no such level. */
export function accessLevel(level: unknown): AccessLevel | null {
  if (typeof level === 'string') return levels.get(level) ?? null;
  return typeof level === 'bigint' && level >= -1n && level <= 2n ? Number(level) : null;
}

/** A record is found by its key, and edges name it by its id. */
export function requireId(id: string | null, key: string): string {
  if (id === null) throw new RecordFault('it has no id');
  if (id !== key) throw new RecordFault(`it says that its id is ${id}`);
  return id;
}
