import type { DrawnChart } from './chart.ts';
import { utc } from './drawings.ts';

/** Buttons under a caption that do what the mouse does, for those without one. */
export function addTools(figure: HTMLElement, chart: DrawnChart): void {
  const tools = figure.querySelector('.tools');
  if (!tools) return;
  const button = (text: string, act: (own: HTMLButtonElement) => void) => {
    const own = document.createElement('button');
    own.type = 'button';
    own.textContent = text;
    own.addEventListener('click', () => act(own));
    tools.append(own);
    return own;
  };
  button('Zoom in', () => chart.zoom(2));
  button('Zoom out', () => chart.zoom(0.5));
  button('Earlier', () => chart.zoom(1, -0.5));
  button('Later', () => chart.zoom(1, 0.5));
  button('All', () => chart.showAll());
  const logarithmic = button('Logarithmic', (own) =>
    own.setAttribute('aria-pressed', String(chart.toggleLogarithmic())),
  );
  logarithmic.setAttribute('aria-pressed', 'false');
  const range = document.createElement('output');
  tools.append(range);
  chart.onRange((from, to) => {
    range.textContent = `${utc(from)} to ${utc(to)} UTC`;
  });
}
