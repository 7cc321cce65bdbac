import type { DrawnMap } from '../../src/protocol/vector-map-panel.ts';

/** What the axes of a picture mean. */
export function axesText({ variance }: DrawnMap): string {
  if (variance === null) return 'UMAP keeps near rows together; its axes and large distances mean nothing';
  const [x, y] = variance.map((share) => (share * 100).toFixed(1));
  return `Axes hold ${x} % and ${y} % of the variance`;
}
