/// <reference lib="es2024.string" />

/** No half of a surrogate pair, so that the text has an exact UTF-8 form. */
export function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}
