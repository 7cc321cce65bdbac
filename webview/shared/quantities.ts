const whole = new Intl.NumberFormat('en');

/** 1234567 → "1,234,567". */
export function count(number: number): string {
  return whole.format(Math.round(number));
}

/** "1 row", "2 rows". */
export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** Seconds with one decimal under a hundred, two under a tenth: "< 0.01", "0.04", "0.3", "12.4", "140". */
export function seconds(value: number): string {
  if (value > 0 && value < 0.01) return '< 0.01';
  return value >= 100 ? count(value) : value.toFixed(value >= 10 || value === 0 ? 1 : value < 0.1 ? 2 : 1);
}

/** "1.9 ms", "41.8 ms", "1.2 s". */
export function duration(value: number): string {
  return value >= 1 ? `${value.toFixed(1)} s` : `${(value * 1000).toFixed(1)} ms`;
}

/** Decimal units, as the editor shows them: "3.3 MB". */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? count(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}
