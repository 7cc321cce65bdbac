/** Writes pickles of protocol 4 by hand: what Python would write, and what it never would. */

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

export const op = (...parts: (number | string | Uint8Array)[]): Buffer =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'number' ? Uint8Array.of(part) : typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  );

export const text = (value: string): Buffer => op('X', uint32(Buffer.byteLength(value)), Buffer.from(value));
export const global = (module: string, name: string): Buffer => op(text(module), text(name), 0x93);
export const tuple = (...items: Uint8Array[]): Buffer => op('(', ...items, 't');
export const list = (...items: Uint8Array[]): Buffer => op(']', '(', ...items, 'e');
export const dict = (entries: Readonly<Record<string, Uint8Array>>): Buffer =>
  op('}', '(', ...Object.entries(entries).flatMap(([key, value]) => [text(key), value]), 'u');
export const none = op('N');
export const integer = (value: number): Buffer => op('J', uint32(value >>> 0));

/** NEWOBJ without arguments, and a state where there is one. */
export const instance = (module: string, name: string, state?: Uint8Array): Buffer =>
  op(global(module, name), ')', 0x81, ...(state === undefined ? [] : [state, 'b']));
export const call = (module: string, name: string, ...args: Uint8Array[]): Buffer => op(global(module, name), tuple(...args), 'R');

export const uuid = (value: string): Buffer => {
  const digits = Buffer.from(value.replaceAll('-', ''), 'hex').reverse();
  return instance('uuid', 'UUID', dict({ int: op(0x8a, 17, digits, 0) }));
};

export const pickle = (value: Uint8Array): Buffer => op(0x80, 4, value, '.');
