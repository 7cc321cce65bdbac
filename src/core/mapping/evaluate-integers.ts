/** The value of `1+2*(3-4)`; null when it is anything but integers, + - * and parentheses. */
export function evaluateIntegers(expression: string): bigint | null {
  const tokens = expression.match(/\d+|[-+*()]|\S/g) ?? [];
  if (!tokens.every((token) => /^(?:\d+|[-+*()])$/.test(token))) return null;
  let at = 0;
  const sum = (): bigint | null => {
    let left = product();
    while (left !== null && (tokens[at] === '+' || tokens[at] === '-')) {
      const sign = tokens[at++] === '+' ? 1n : -1n;
      const right = product();
      left = right === null ? null : left + sign * right;
    }
    return left;
  };
  const product = (): bigint | null => {
    let left = factor();
    while (left !== null && tokens[at] === '*') {
      at += 1;
      const right = factor();
      left = right === null ? null : left * right;
    }
    return left;
  };
  const factor = (): bigint | null => {
    const token = tokens[at++];
    if (token === undefined) return null;
    if (/^\d+$/.test(token)) return BigInt(token);
    if (token === '-' || token === '+') {
      const value = factor();
      return value === null ? null : token === '-' ? -value : value;
    }
    if (token !== '(') return null;
    const value = sum();
    return tokens[at++] === ')' ? value : null;
  };
  const value = sum();
  return at === tokens.length ? value : null;
}
