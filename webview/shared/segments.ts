import { element, icon } from './dom.ts';

export interface Segments<T extends string> {
  readonly root: HTMLElement;
  show(value: T): void;
}

/** A few choices of which one is on; arrows are not needed, each is a button. */
export function segments<T extends string>(
  label: string,
  choices: readonly { readonly value: T; readonly text: string; readonly icon?: string }[],
  onChoose: (value: T) => void,
): Segments<T> {
  const made = choices.map(({ value, text, icon: name }) => {
    const attributes = { class: 'segment', type: 'button', 'aria-pressed': 'false', on: { click: () => onChoose(value) } } as const;
    return { value, button: element('button', attributes, name === undefined ? null : icon(name), text) };
  });
  return {
    root: element('div', { class: 'segments', role: 'group', 'aria-label': label }, ...made.map(({ button }) => button)),
    show(value) {
      for (const one of made) one.button.setAttribute('aria-pressed', String(one.value === value));
    },
  };
}
