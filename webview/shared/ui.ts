/**
 * The controls of the pages, made of the webview UI toolkit. The only file that imports it. Importing this registers the controls, which has to
 * happen in the first script of a page: the toolkit takes the editor's colours over on the page's `load`.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeLink,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTextArea,
  vsCodeTextField,
  type Button,
  type Checkbox,
  type Dropdown,
  type Link,
  type TextArea,
  type TextField,
} from '@vscode/webview-ui-toolkit';
import { element, icon, type Attributes, type Child } from './dom.ts';

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeLink(),
  vsCodeOption(),
  vsCodeProgressRing(),
  vsCodeTextArea(),
  vsCodeTextField(),
);

export type { Button, Checkbox, Dropdown, Link, TextArea, TextField };

interface ButtonOptions {
  readonly appearance?: 'primary' | 'secondary';
  readonly icon?: string;
  readonly onClick: () => void;
  readonly attributes?: Attributes;
}

/** A push button with a text. Primary is for the one main action of a page. */
export function button(text: string, options: ButtonOptions): Button {
  const start = options.icon === undefined ? null : icon(options.icon, { slot: 'start' });
  const attributes = { ...options.attributes, appearance: options.appearance ?? 'secondary' };
  return onClick(element('vscode-button', attributes, start, text) as Button, options.onClick);
}

/** A button that shows an icon of codicons only; `label` names it for screen readers and as a tooltip. */
export function iconButton(name: string, label: string, onPress: () => void, attributes: Attributes = {}): Button {
  // The name comes first: the toolkit gives one of its own to an icon button without.
  const all = { 'aria-label': label, title: label, ...attributes, appearance: 'icon' };
  return onClick(element('vscode-button', all, icon(name)) as Button, onPress);
}

interface FieldOptions {
  /** Names the field for screen readers; not shown. */
  readonly label: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly attributes?: Attributes;
  /** Shown inside the field, before the text. */
  readonly start?: HTMLElement;
  readonly onInput?: (value: string) => void;
  /** Enter was pressed. */
  readonly onEnter?: (value: string) => void;
}

/** A field of one line. */
export function textField(options: FieldOptions): TextField {
  options.start?.setAttribute('slot', 'start');
  // The toolkit makes its text the field's name, and shows it; theme.css hides it.
  const field = element(
    'vscode-text-field',
    { class: 'unlabelled', ...fieldAttributes(options) },
    options.label,
    options.start,
  ) as TextField;
  return wireField(field, options, () => field.value);
}

/** A field of several lines. Enter makes a new line, Ctrl+Enter counts as Enter. */
export function textArea(options: FieldOptions & { readonly rows: number }): TextArea {
  const attributes = { class: 'unlabelled', rows: options.rows, resize: 'vertical', ...fieldAttributes(options) };
  const field = element('vscode-text-area', attributes, options.label) as TextArea;
  return wireField(field, options, () => field.value, true);
}

/** A check box with its text. `onChange` also gets what a click on the text did. */
export function checkbox(text: string, checked: boolean, onChange: (checked: boolean) => void, attributes: Attributes = {}): Checkbox {
  const box = element('vscode-checkbox', attributes, text) as Checkbox;
  box.checked = checked;
  let last = checked;
  box.addEventListener('change', () => {
    if (box.checked === last) return;
    last = box.checked;
    onChange(last);
  });
  return box;
}

interface DropdownOptions {
  readonly label: string;
  /** What is written and what it stands for. */
  readonly choices: readonly { readonly value: string; readonly text: string }[];
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly attributes?: Attributes;
}

/** A list to choose one of. */
export function dropdown(options: DropdownOptions): Dropdown {
  const entries = options.choices.map(({ value, text }) => element('vscode-option', { value, selected: value === options.value }, text));
  const made = element('vscode-dropdown', { 'aria-label': options.label, ...options.attributes }, ...entries) as Dropdown;
  made.addEventListener('change', () => options.onChange(made.value));
  return made;
}

/** A link inside the page: it acts, it does not lead away. */
export function link(text: Child, onPress: () => void, attributes: Attributes = {}): Link {
  const made = element('vscode-link', { href: '#', ...attributes }, text) as Link;
  made.addEventListener('click', (event) => {
    event.preventDefault();
    onPress();
  });
  return made;
}

/** Turns until it is removed. Screen readers hear `label`. */
export function progressRing(label: string, attributes: Attributes = {}): HTMLElement {
  return element('vscode-progress-ring', { role: 'progressbar', 'aria-label': label, ...attributes });
}

function onClick(made: Button, listener: () => void): Button {
  made.addEventListener('click', () => {
    if (!made.disabled) listener();
  });
  return made;
}

function fieldAttributes({ placeholder, attributes }: FieldOptions): Attributes {
  return { placeholder, spellcheck: 'false', ...attributes };
}

function wireField<F extends TextField | TextArea>(field: F, options: FieldOptions, value: () => string, multiline = false): F {
  field.value = options.value ?? '';
  field.addEventListener('input', () => options.onInput?.(value()));
  field.addEventListener('keydown', (event) => {
    const { key, ctrlKey, metaKey } = event;
    if (key !== 'Enter' || (multiline && !ctrlKey && !metaKey)) return;
    event.preventDefault();
    options.onEnter?.(value());
  });
  return field;
}
