/** Shannon entropy above 7.5 bits a byte over at least 512 bytes: encrypted or compressed. */
export function looksRandom(bytes: Uint8Array): boolean {
  if (bytes.length < 512) return false;
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte]!++;
  let entropy = 0;
  for (const count of counts) if (count > 0) entropy -= (count / bytes.length) * Math.log2(count / bytes.length);
  return entropy > (bytes.length >= 4_096 ? 7.5 : 7);
}
