/** Runs in the reader's browser: draws charts when they come into view, sorts tables, switches the theme. */
import { chartOf, type DrawnChart } from './chart.ts';
import { drawings } from './drawings.ts';
import { makeSortable } from './sort-tables.ts';
import { addTools } from './tools.ts';
import { addValuesTable } from './values-table.ts';

const drawn = new Map<HTMLElement, DrawnChart>();
const figures = [...document.querySelectorAll<HTMLElement>('figure[data-chart]')];

function draw(figure: HTMLElement): void {
  const drawing = drawings[Number(figure.dataset['chart'])];
  const plot = figure.querySelector<HTMLElement>('.plot');
  if (drawn.has(figure) || !drawing || !plot) return;
  const chart = chartOf(drawing, plot);
  drawn.set(figure, chart);
  figure.dataset['band'] = String(chart.banded);
  figure.dataset['red'] = String(chart.red);
  addTools(figure, chart);
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries)
      if (isIntersecting && target instanceof HTMLElement) draw(target);
  },
  { rootMargin: '300px' },
);
for (const figure of figures) {
  seen.observe(figure);
  addValuesTable(figure);
}
makeSortable();

const redrawAll = () => {
  for (const chart of drawn.values()) chart.redraw();
};
document.getElementById('theme')?.addEventListener('click', () => {
  const root = document.documentElement;
  root.dataset['theme'] = getComputedStyle(root).colorScheme === 'dark' ? 'light' : 'dark';
  redrawAll();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redrawAll);
window.addEventListener('resize', redrawAll);
// Paper is white whatever the screen is, and shows every chart.
window.addEventListener('beforeprint', () => {
  for (const figure of figures) draw(figure);
  redrawAll();
});
window.addEventListener('afterprint', redrawAll);
