/** A text of at most `most` characters, and the beginning of a longer one with an ellipsis. */
export function beginning(text: string, most: number): string {
  // A character has two units at most: one more of them tells whether anything is cut.
  const characters = [...text.slice(0, (most + 1) * 2)];
  return characters.length <= most ? text : `${characters.slice(0, most).join('')}…`;
}
