/** A value of a Python program as a pickle holds it. An array is a list, a Map a dict, a number a float and a bigint an int. */
export type PickleValue =
  null | boolean | bigint | number | string | Uint8Array | readonly PickleValue[] | ReadonlyMap<PickleValue, PickleValue> | PickleInstance;

/** An object of a class, made without calling anything: what `copyreg.__newobj__` and a state make. */
export class PickleInstance {
  readonly module: string;
  readonly name: string;
  readonly state: ReadonlyMap<PickleValue, PickleValue> | null;
  constructor(module: string, name: string, state: ReadonlyMap<PickleValue, PickleValue> | null) {
    this.module = module;
    this.name = name;
    this.state = state;
  }
}

/** A pickle of protocol 4, without the memo and the frames that Python writes: https://docs.python.org/3/library/pickletools.html */
export function writePickle(value: PickleValue): Buffer {
  const pieces: Buffer[] = [Buffer.from([0x80, 4])];
  write(value, pieces);
  return Buffer.concat([...pieces, Buffer.from('.')]);
}

/** `uuid.UUID` as Python pickles it. */
export function uuidInstance(id: string): PickleInstance {
  return new PickleInstance('uuid', 'UUID', new Map([['int', BigInt(`0x${id.replaceAll('-', '')}`)]]));
}

function write(value: PickleValue, out: Buffer[]): void {
  if (value === null) out.push(Buffer.from('N'));
  else if (typeof value === 'boolean') out.push(Buffer.from([value ? 0x88 : 0x89]));
  else if (typeof value === 'bigint') writeInteger(value, out);
  else if (typeof value === 'number') writeFloat(value, out);
  else if (typeof value === 'string') writeSized(0x58, Buffer.from(value), out);
  else if (value instanceof Uint8Array) writeSized(0x42, value, out);
  else if (value instanceof PickleInstance) writeInstance(value, out);
  else if (value instanceof Map) writeDict(value as ReadonlyMap<PickleValue, PickleValue>, out);
  else writeList(value as readonly PickleValue[], out);
}

/** LONG1: two's complement, the least byte first. */
function writeInteger(value: bigint, out: Buffer[]): void {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 8n) {
    const byte = Number(BigInt.asUintN(8, rest));
    bytes.push(byte);
    if (rest >> 8n === (byte >= 0x80 ? -1n : 0n)) break;
  }
  out.push(Buffer.from([0x8a, bytes.length, ...bytes]));
}

function writeFloat(value: number, out: Buffer[]): void {
  const bytes = Buffer.alloc(9, 'G');
  bytes.writeDoubleBE(value, 1);
  out.push(bytes);
}

function writeSized(opcode: number, bytes: Uint8Array, out: Buffer[]): void {
  const head = Buffer.alloc(5, opcode);
  head.writeUInt32LE(bytes.length, 1);
  out.push(head, Buffer.from(bytes));
}

function writeList(items: readonly PickleValue[], out: Buffer[]): void {
  out.push(Buffer.from(']('));
  for (const item of items) write(item, out);
  out.push(Buffer.from('e'));
}

function writeDict(entries: ReadonlyMap<PickleValue, PickleValue>, out: Buffer[]): void {
  out.push(Buffer.from('}('));
  for (const [key, value] of entries) {
    write(key, out);
    write(value, out);
  }
  out.push(Buffer.from('u'));
}

function writeInstance({ module, name, state }: PickleInstance, out: Buffer[]): void {
  write(module, out);
  write(name, out);
  // The class of these two names, an empty tuple, and an object made of both.
  out.push(Buffer.from([0x93, 0x29, 0x81]));
  if (state === null) return;
  writeDict(state, out);
  out.push(Buffer.from('b'));
}
