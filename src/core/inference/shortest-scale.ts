/**
 * Decimal places (0 to 17) in the shortest text of a finite number, at least `known`. Printing a number is slow, so it is first tried whether
 * `known` places are enough.
 */
export function shortestScale(value: number, known: number): number {
  const scaled = value * powersOfTen[known]!;
  if (Math.abs(scaled) < 2 ** 53 && Math.round(scaled) / powersOfTen[known]! === value) return known;
  const [digits = '', exponent = '0'] = String(value).split('e');
  const point = digits.indexOf('.');
  const places = (point === -1 ? 0 : digits.length - point - 1) - Number(exponent);
  return Math.max(known, Math.min(17, places));
}

const powersOfTen = Array.from({ length: 18 }, (_, places) => 10 ** places);
