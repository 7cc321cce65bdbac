/**
 * Elements of a blob that reads as little-endian float32 numbers of sane size (each 0 or between 1e-20 and 1e4), or -1. Embeddings do; pictures,
 * text and compressed bytes fail within a few elements.
 */
export function float32Length(blob: Uint8Array): number {
  const { byteLength } = blob;
  if (byteLength === 0 || byteLength % 4 !== 0) return -1;
  const view = new DataView(blob.buffer, blob.byteOffset, byteLength);
  for (let at = 0; at < byteLength; at += 4) {
    const size = Math.abs(view.getFloat32(at, true));
    if (!(size === 0 || (size >= 1e-20 && size <= 1e4))) return -1;
  }
  return byteLength / 4;
}
