/** A message with a list under it as one paragraph: the items become a sentence. */
export function oneLine(message: string): string {
  const [first = '', ...items] = message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return items.length === 0 ? first : `${first} ${items.join('; ').replace(/[.;]*$/, '')}.`;
}
