/** A blob read as little-endian floats of one width. */
export interface FloatReading {
  readonly elements: number;
  /** Finite numbers of sane size only (each 0, or between 1e-20 and 1e4). */
  readonly sane: boolean;
  /** Sane but for elements that are NaN or infinite; never together with `sane`. */
  readonly notFinite: boolean;
  /** Nine tenths of the elements that are not 0 are of like size: at least a ten-thousandth of the largest. Numbers read at the wrong width are not. */
  readonly even: boolean;
  /** Every second element, beginning with the first, is 0 and some other is not: the look of float64 numbers read as float32. */
  readonly halved: boolean;
  /** Euclidean length; 0 where the reading is not sane. */
  readonly norm: number;
}

const none: Omit<FloatReading, 'elements'> = { sane: false, notFinite: false, even: false, halved: false, norm: 0 };

/** null: its length is no multiple of the width. Pictures, text and compressed bytes fail within a few elements. */
export function readFloats(blob: Uint8Array, width: 4 | 8): FloatReading | null {
  const { byteLength } = blob;
  if (byteLength === 0 || byteLength % width !== 0) return null;
  const elements = byteLength / width;
  const view = new DataView(blob.buffer, blob.byteOffset, byteLength);
  let squares = 0;
  let largest = 0;
  let endless = 0;
  let halved = true;
  for (let i = 0; i < elements; i++) {
    const size = Math.abs(width === 4 ? view.getFloat32(i * 4, true) : view.getFloat64(i * 8, true));
    if (size === 0) continue;
    if (size >= 1e-20 && size <= 1e4) {
      squares += size * size;
      if (size > largest) largest = size;
      if (i % 2 === 0) halved = false;
    } else if (Number.isFinite(size)) return { elements, ...none };
    else endless++;
  }
  // Bytes that are no floats at all are now and then nothing but such patterns.
  if (endless > 0) return { elements, ...none, notFinite: endless * 2 <= elements };
  return {
    elements,
    sane: true,
    notFinite: false,
    even: isEven(view, width, largest),
    halved: halved && largest > 0,
    norm: Math.sqrt(squares),
  };
}

function isEven(view: DataView, width: 4 | 8, largest: number): boolean {
  let present = 0;
  let alike = 0;
  for (let at = 0; at < view.byteLength; at += width) {
    const size = Math.abs(width === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true));
    if (size === 0) continue;
    present++;
    if (size * 10_000 >= largest) alike++;
  }
  return alike * 10 >= present * 9;
}
