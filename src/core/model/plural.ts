/** "1 row", "2 rows", "1 index", "2 indexes". The words may go on: "1 row was left out", "2 rows were left out". */
export function plural(count: number | bigint | string, one: string, many = `${one}s`): string {
  return `${count} ${String(count) === '1' ? one : many}`;
}
