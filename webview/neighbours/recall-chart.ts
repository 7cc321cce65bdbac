import type { RecallCurve, RecallPoint } from '../../src/core/model/recall-curve.ts';
import { element, svg, type Child } from '../shared/dom.ts';
import { count, duration, plural } from '../shared/quantities.ts';
import { button } from '../shared/ui.ts';

/** Pixels of the picture. */
const width = 268;
const height = 76;
const left = 26;
const right = 8;
const top = 8;
const bottom = 20;

const names: Readonly<Record<RecallCurve['setting'], string>> = {
  'hnsw.ef_search': 'ef_search',
  'ivfflat.probes': 'probes',
  oversampling: 'candidates for each',
};

/** Recall over the setting that buys it, each point a button that sets it. `current`: the setting in force, null = as the server says. */
export function recallChart(curve: RecallCurve, current: number | null, choose: (value: number) => void): Child[] {
  const { points, suggested, sample, setting, warning, wanted } = curve;
  const heading = element(
    'div',
    { class: 'recall-heading secondary' },
    element('h2', {}, `Recall by ${names[setting]}`),
    element('span', {}, `${plural(sample.rows, 'sampled row')} of ${count(sample.of)}`),
  );
  const floor = Math.min(0.95, Math.floor(Math.min(...points.map(({ recall }) => recall)) * 20) / 20);
  const place = (point: RecallPoint, i: number): { readonly x: number; readonly y: number } => ({
    x: left + (points.length < 2 ? 0.5 : i / (points.length - 1)) * (width - left - right),
    y: top + (1 - (point.recall - floor) / (1 - floor)) * (height - top - bottom),
  });
  const places = points.map(place);
  const chart = element('div', { class: 'recall-chart', role: 'group', 'aria-label': `Recall by ${names[setting]}` });
  chart.append(picture(places, floor));
  points.forEach((point, i) => chart.append(pointButton(point, places[i] ?? { x: 0, y: 0 }, { current, suggested, choose, setting })));
  const suggestion =
    suggested === null
      ? element('p', { class: 'secondary' }, warning ?? '')
      : element(
          'div',
          { class: 'recall-suggestion' },
          element('span', { class: 'secondary' }, `${count(suggested)} is the least that finds ${wanted * 100} %`),
          current === suggested ? null : button(`Use ${suggested}`, { onClick: () => choose(suggested) }),
        );
  return [heading, chart, suggestion];
}

function picture(places: readonly { readonly x: number; readonly y: number }[], floor: number): SVGElement {
  const line = places.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  const rule = (y: number): SVGElement => svg('path', { class: 'recall-rule', d: `M${left} ${y}H${width - right}` });
  const label = (text: string, y: number): SVGElement => {
    const made = svg('text', { class: 'recall-scale', x: left - 6, y: y + 3.5, 'text-anchor': 'end' });
    made.textContent = text;
    return made;
  };
  return svg(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
    rule(top),
    rule(height - bottom),
    label('1.0', top),
    label(floor.toFixed(2).replace(/^0/, ''), height - bottom),
    svg('path', { class: 'recall-line', d: line }),
  );
}

function pointButton(
  { value, recall, seconds, used }: RecallPoint,
  { x, y }: { readonly x: number; readonly y: number },
  {
    current,
    suggested,
    choose,
    setting,
  }: Readonly<{ current: number | null; suggested: number | null; setting: RecallCurve['setting'] } & { choose: (value: number) => void }>,
): HTMLElement {
  const unused = used === 0 ? ', index not used' : '';
  const words = `${names[setting]} ${value}: recall ${recall.toFixed(3)}, ${duration(seconds)}${unused}${value === suggested ? ', suggested' : ''}`;
  const classes = ['recall-point', used === 0 ? 'unused' : '', value === suggested ? 'suggested' : ''].filter(Boolean).join(' ');
  const attributes = {
    class: classes,
    type: 'button',
    title: words,
    'aria-label': words,
    'aria-pressed': String(value === current),
    style: { left: `${x.toFixed(1)}px`, '--dot': `${y.toFixed(1)}px` },
    on: { click: () => choose(value) },
  };
  return element('button', attributes, element('span', { class: 'recall-value', 'aria-hidden': 'true' }, value));
}
