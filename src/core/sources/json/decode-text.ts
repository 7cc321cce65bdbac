/**
 * The bytes that a text between two quotes stands for, in UTF-8. Half a pair of surrogates (`\ud800` alone) becomes its three bytes, which no UTF-8 has:
 * so that it is met as invalid text, like bytes that were wrong in the file.
 */
export function decodeText(bytes: Uint8Array, from: number, to: number): Buffer {
  const text = Buffer.allocUnsafe(to - from);
  let length = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte !== 0x5c) {
      text[length++] = byte;
      continue;
    }
    const escape = bytes[++at]!;
    if (escape !== 0x75) {
      text[length++] = plain[escape] ?? escape;
      continue;
    }
    let code = unitAt(bytes, at + 1);
    at += 4;
    if (code >= 0xd800 && code < 0xdc00 && bytes[at + 1] === 0x5c && bytes[at + 2] === 0x75) {
      const low = unitAt(bytes, at + 3);
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        at += 6;
      }
    }
    length = writeCode(text, length, code);
  }
  return text.subarray(0, length);
}

/** What stands behind a backslash, and what it means. */
const plain: Readonly<Record<number, number>> = { 0x62: 8, 0x66: 12, 0x6e: 10, 0x72: 13, 0x74: 9 };

function unitAt(bytes: Uint8Array, at: number): number {
  return (digit(bytes[at]!) << 12) | (digit(bytes[at + 1]!) << 8) | (digit(bytes[at + 2]!) << 4) | digit(bytes[at + 3]!);
}

function digit(byte: number): number {
  return byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57;
}

/** Never longer than the six bytes of its escape. */
function writeCode(text: Buffer, at: number, code: number): number {
  let length = at;
  if (code < 0x80) text[length++] = code;
  else if (code < 0x800) {
    text[length++] = 0xc0 | (code >> 6);
    text[length++] = 0x80 | (code & 0x3f);
  } else {
    if (code < 0x10000) text[length++] = 0xe0 | (code >> 12);
    else {
      text[length++] = 0xf0 | (code >> 18);
      text[length++] = 0x80 | ((code >> 12) & 0x3f);
    }
    text[length++] = 0x80 | ((code >> 6) & 0x3f);
    text[length++] = 0x80 | (code & 0x3f);
  }
  return length;
}
