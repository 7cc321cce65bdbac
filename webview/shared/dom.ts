/** What an element may be given. Never markup: children are elements or text. */
export interface Attributes {
  readonly class?: string;
  /** Set through the style object, because the page's policy refuses `style` attributes. Custom properties work as well. */
  readonly style?: Readonly<Record<string, string>>;
  readonly on?: { readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };
  readonly [attribute: string]: unknown;
}

export type Child = Node | string | number | null | undefined | false;

/** Makes an element. Attributes that are null, undefined or false are left out, `true` is written as an empty attribute. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes?: Attributes,
  ...children: readonly Child[]
): HTMLElementTagNameMap[K];
export function element(tag: string, attributes?: Attributes, ...children: readonly Child[]): HTMLElement;
export function element(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElement {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...textNodes(children));
  return made;
}

/** Sets, changes or removes attributes of an element that is there, by the rules of `element`. */
function setAttributes(target: HTMLElement | SVGElement, { style, on, ...attributes }: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) target.removeAttribute(name);
    else target.setAttribute(name, value === true ? '' : String(value));
  }
  for (const [property, value] of Object.entries(style ?? {})) target.style.setProperty(property, value);
  for (const [event, listener] of Object.entries(on ?? {})) target.addEventListener(event, listener as EventListener);
}

/** Replaces what is inside an element. */
export function fill(target: Element, ...children: readonly Child[]): void {
  target.replaceChildren(...textNodes(children));
}

/** An icon of codicons, hidden from screen readers: name the control that holds it. */
export function icon(name: string, attributes: Attributes = {}): HTMLElement {
  const classes = `codicon codicon-${name} ${attributes.class ?? ''}`.trimEnd();
  return element('span', { 'aria-hidden': 'true', ...attributes, class: classes });
}

/** Makes an SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Node[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

function textNodes(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child) => {
    if (child === null || child === undefined || child === false) return [];
    return [child instanceof Node ? child : String(child)];
  });
}
