import type { PythonValue, TaggedValue } from '../anchor.ts';
import { uuidOfInteger } from '../uuid-text.ts';
import { isStandardModule } from './standard-modules.ts';
import { dateOf, datetimeOf, timedeltaOf, timeOf } from './time-values.ts';

/** An object of a pickle whose parts have been read. */
export interface ObjectParts {
  readonly made: 'new' | 'reduce';
  readonly module: string;
  readonly name: string;
  readonly args: readonly PythonValue[];
  /** undefined = none was given. */
  readonly state: PythonValue | undefined;
  readonly items: readonly PythonValue[];
  readonly entries: readonly (readonly [PythonValue, PythonValue])[];
}

/** Gives the value that the parts stand for; null = they are not what this class has. */
type Recognise = (parts: ObjectParts) => PythonValue | null;

const known: ReadonlyMap<string, Recognise> = new Map<string, Recognise>([
  ['datetime.datetime', filled(datetimeOf)],
  ['datetime.date', filled(dateOf)],
  ['datetime.time', filled(timeOf)],
  ['datetime.timedelta', filled(timedeltaOf)],
  ['decimal.Decimal', filled(decimalOf)],
  ['uuid.UUID', uuidOf],
  ['builtins.bytearray', filled(bytesOf)],
  ['builtins.bytes', filled(bytesOf)],
  ['_codecs.encode', filled(encodedOf)],
  ['builtins.set', filled((args) => itemsOf('set', args))],
  ['builtins.frozenset', filled((args) => itemsOf('frozenset', args))],
  ['builtins.getattr', filled(memberOf)],
  ['collections.OrderedDict', dictOf],
  ['collections.defaultdict', dictOf],
  ['jaclang.JacList', listOf],
]);

/** The value that an object stands for. What is not known is kept as it is, and never made. */
export function recogniseObject(parts: ObjectParts): PythonValue {
  const recognised = known.get(`${parts.module}.${parts.name}`)?.(parts);
  return recognised ?? listOfJac(parts) ?? plainObject(parts) ?? enumByValue(parts) ?? foreign(parts);
}

/** For classes that take all they are from arguments. */
function filled(of: (args: readonly PythonValue[]) => PythonValue | null): Recognise {
  return (parts) => (isBare(parts) && parts.state === undefined ? of(parts.args) : null);
}

function isBare({ items, entries }: ObjectParts): boolean {
  return items.length === 0 && entries.length === 0;
}

function decimalOf(args: readonly PythonValue[]): PythonValue | null {
  const [text] = args;
  if (typeof text !== 'string' || args.length > 1) return null;
  return /^[+-]?(\d+(\.\d*)?(E[+-]?\d+)?|Infinity|s?NaN\d*)$/.test(text) ? { tag: 'decimal', text } : null;
}

function uuidOf({ args, state, items, entries }: ObjectParts): PythonValue | null {
  if (args.length > 0 || items.length > 0 || entries.length > 0) return null;
  const fields = fieldsOf(state);
  const number = fields?.get('int');
  const text = typeof number === 'bigint' ? uuidOfInteger(number) : null;
  return text === null ? null : { tag: 'uuid', text };
}

function bytesOf(args: readonly PythonValue[]): PythonValue | null {
  const [bytes = new Uint8Array(0)] = args;
  return bytes instanceof Uint8Array && args.length < 2 ? bytes : null;
}

/** Bytes in protocols before 3: a text in Latin-1. */
function encodedOf(args: readonly PythonValue[]): PythonValue | null {
  const [text, encoding] = args;
  if (typeof text !== 'string' || encoding !== 'latin1' || args.length > 2 || /[^\0-\xff]/.test(text)) return null;
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

function itemsOf(tag: 'set' | 'frozenset', args: readonly PythonValue[]): PythonValue | null {
  const [list] = args;
  if (list === undefined) return { tag, items: [] };
  return isTagged(list) && list.tag === 'list' && args.length < 2 ? { tag, items: list.items } : null;
}

/** Python 3.11.2 writes a member of an enum as getattr(class, name); a name that is looked up in Python's own modules is none. */
function memberOf(args: readonly PythonValue[]): PythonValue | null {
  const [owner, name] = args;
  if (!isTagged(owner) || owner.tag !== 'foreign' || typeof name !== 'string' || args.length > 2) return null;
  return isStandardModule(owner.module) ? null : { tag: 'enum', className: owner.name, name, value: null };
}

function dictOf({ made, args, state, items, entries }: ObjectParts): PythonValue | null {
  const onlyEntries = made === 'reduce' && items.length === 0 && state === undefined;
  const factoryOnly = args.every((arg) => arg === null || (isTagged(arg) && arg.tag === 'foreign' && arg.args.length === 0));
  return onlyEntries && factoryOnly ? { tag: 'dict', entries } : null;
}

function listOf({ args, state, items, entries }: ObjectParts): PythonValue | null {
  return args.length === 0 && state === undefined && entries.length === 0 ? { tag: 'list', items } : null;
}

/** Lists of classes that the runtime has for them, whatever its version calls them. */
function listOfJac(parts: ObjectParts): PythonValue | null {
  return parts.module.split('.', 1)[0] === 'jaclang' && parts.items.length > 0 ? listOf(parts) : null;
}

/** An instance with attributes and nothing else. */
function plainObject(parts: ObjectParts): PythonValue | null {
  const { made, module, name, args, state } = parts;
  if (made !== 'new' || args.length > 0 || !isBare(parts)) return null;
  const fields = state === undefined ? new Map<string, PythonValue>() : fieldsOf(state);
  if (fields === null) return null;
  for (const internal of ['__jac__', '_jac_']) fields.delete(internal);
  return { tag: 'object', module, className: name, fields };
}

/** Attributes by name: of a dict, or of a pair of dicts where the class has slots. null = the state is something else. */
function fieldsOf(state: PythonValue | undefined): Map<string, PythonValue> | null {
  const parts = isTagged(state) && state.tag === 'tuple' && state.items.length === 2 ? state.items : [state];
  const fields = new Map<string, PythonValue>();
  for (const part of parts) {
    if (part === null && parts.length === 2) continue;
    if (!isTagged(part) || part.tag !== 'dict') return null;
    for (const [key, value] of part.entries) {
      if (typeof key !== 'string') return null;
      fields.set(key, value);
    }
  }
  return fields;
}

/** Python from 3.11.7 on writes a member of an enum as a call of its class with the value: told by the shape of the name. */
function enumByValue(parts: ObjectParts): PythonValue | null {
  const { made, module, name, args, state } = parts;
  const [value] = args;
  if (made !== 'reduce' || args.length !== 1 || value === undefined || state !== undefined || !isBare(parts)) return null;
  if (isStandardModule(module) || !/(^|\.)_*\p{Lu}[^.]*$/u.test(name)) return null;
  return { tag: 'enum', className: name, name: null, value };
}

function foreign({ module, name, args, state = null, items, entries }: ObjectParts): PythonValue {
  if (items.length === 0 && entries.length === 0) return { tag: 'foreign', module, name, args, state };
  const parts: [PythonValue, PythonValue][] = [
    ['state', state],
    ['items', { tag: 'list', items }],
    ['entries', { tag: 'dict', entries }],
  ];
  return { tag: 'foreign', module, name, args, state: { tag: 'dict', entries: parts } };
}

export function isTagged(value: PythonValue | undefined): value is TaggedValue {
  return value !== undefined && value !== null && typeof value === 'object' && !(value instanceof Uint8Array);
}
