import type { MapCategory } from '../../src/core/model/vector-map.ts';

/** In this order; yellow is left out, because it is too near to orange in light themes. */
const own = ['charts-orange', 'charts-blue', 'charts-purple', 'charts-green', 'charts-red', 'terminal-ansiCyan'] as const;

export type Rgb = readonly [red: number, green: number, blue: number];

/** CSS colour of a category, opaque: some of the editor's colours let through what is below them. */
export function colourOf({ kind }: MapCategory, code: number): string {
  if (kind === 'other') return 'color-mix(in srgb, var(--vscode-foreground) 45%, var(--vscode-editor-background))';
  const name = kind === 'value' ? (own[code % own.length] ?? own[0]) : kind === 'all' ? 'charts-blue' : 'foreground';
  // Themes of high contrast may have no orange; yellow is free, and the foreground is always there.
  return `rgb(from var(--vscode-${name}, var(--vscode-charts-yellow, var(--vscode-foreground))) r g b / 1)`;
}

/** What the theme makes of a CSS colour, 0 to 255. */
export function resolveColour(css: string, probe: HTMLElement): Rgb {
  probe.style.setProperty('color', css);
  const computed = getComputedStyle(probe).color;
  probe.style.removeProperty('color');
  // Mixed colours are given in parts of one.
  const scale = computed.startsWith('color(') ? 255 : 1;
  const [red = 0.5, green = 0.5, blue = 0.5] = computed.match(/[\d.]+(?:e-?\d+)?/g)?.map(Number) ?? [];
  return [red * scale, green * scale, blue * scale];
}
