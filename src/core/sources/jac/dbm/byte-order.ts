/** Numbers of a file in one of the two orders of bytes. */
export interface ByteOrder {
  uint16(bytes: Buffer, at: number): number;
  int32(bytes: Buffer, at: number): number;
  uint32(bytes: Buffer, at: number): number;
  /** Not exact above 2^53, where no file reaches. */
  offset(bytes: Buffer, at: number, width: 4 | 8): number;
}

export const bytesOf: { readonly little: ByteOrder; readonly big: ByteOrder } = {
  little: {
    uint16: (bytes, at) => bytes.readUInt16LE(at),
    int32: (bytes, at) => bytes.readInt32LE(at),
    uint32: (bytes, at) => bytes.readUInt32LE(at),
    offset: (bytes, at, width) => (width === 4 ? bytes.readUInt32LE(at) : Number(bytes.readBigUInt64LE(at))),
  },
  big: {
    uint16: (bytes, at) => bytes.readUInt16BE(at),
    int32: (bytes, at) => bytes.readInt32BE(at),
    uint32: (bytes, at) => bytes.readUInt32BE(at),
    offset: (bytes, at, width) => (width === 4 ? bytes.readUInt32BE(at) : Number(bytes.readBigUInt64BE(at))),
  },
};
