/** Edge cases by the letter of their source; `npm run test:cases -- S` wants each of them on every target. */
export const caseIds: Readonly<Record<string, readonly string[]>> = {
  S: numbered('S', 46),
  D: numbered('D', 22),
  C: numbered('C', 16),
  P: numbered('P', 12),
  J: numbered('J', 12),
  V: numbered('V', 10),
  X: numbered('X', 10),
};

function numbered(letter: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${letter}${String(i + 1).padStart(2, '0')}`);
}
