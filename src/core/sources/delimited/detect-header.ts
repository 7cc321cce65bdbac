/** Whether the first record holds names, and why; `second`: a record behind it, null when there is none. */
export function detectHeader(
  first: readonly string[],
  second: readonly string[] | null,
): { readonly header: boolean; readonly proved: boolean; readonly reason: string } {
  if (first.every((field) => field === ''))
    return { header: false, proved: true, reason: 'the first record is empty, so the columns are numbered' };
  const value = first.find(isValue);
  if (value !== undefined)
    return {
      header: false,
      proved: true,
      reason: 'the first record holds a number, a date or true or false, so it counts as a row and the columns are numbered',
    };
  const certain = second !== null && second.some(isValue);
  return {
    header: true,
    proved: certain,
    reason: certain
      ? 'the first record holds the names: it has texts only, and values follow'
      : 'the first record is taken for the names, which nothing in the file proves; set "header": false if it is a row',
  };
}

/** Something that is hardly a name. */
function isValue(field: string): boolean {
  return (
    /^[-+]?[\d.,\s]*\d(?:e[-+]?\d+)?\s*%?$/i.test(field) ||
    /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T].*)?$/.test(field) ||
    /^(?:true|false)$/i.test(field)
  );
}
