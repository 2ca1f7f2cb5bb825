import { seriesModel } from '../../../shared/render/report/series-model.ts';
import { drawings, utc } from './drawings.ts';

/** Fills the table of a chart's values when somebody opens it. */
export function addValuesTable(figure: HTMLElement): void {
  const details = figure.querySelector('details');
  details?.addEventListener('toggle', () => {
    const drawing = drawings[Number(figure.dataset['chart'])];
    if (!details.open || !drawing || details.querySelector('table')) return;
    const { seconds, requests, usual, edge } = seriesModel(drawing);
    const table = document.createElement('table');
    addRow(table.createTHead(), 'th', ['UTC', 'requests', 'usual', 'told from']);
    const body = table.createTBody();
    for (const [i, at] of seconds.entries())
      addRow(body, 'td', [
        utc(at),
        text(requests[i], 'not known'),
        text(usual[i], '?'),
        text(edge[i], 'no number'),
      ]);
    const scroll = document.createElement('div');
    scroll.className = 'scroll';
    scroll.tabIndex = 0;
    scroll.setAttribute('role', 'region');
    scroll.setAttribute('aria-label', 'Values');
    scroll.append(table);
    details.append(scroll);
  });
}

const text = (value: number | null | undefined, none: string): string =>
  value === null || value === undefined ? none : String(value);

function addRow(section: HTMLTableSectionElement, kind: 'th' | 'td', texts: readonly string[]): void {
  const row = section.insertRow();
  for (const [i, one] of texts.entries()) {
    const own = document.createElement(kind);
    own.textContent = one;
    if (kind === 'th') own.setAttribute('scope', 'col');
    if (i > 0) own.className = 'number';
    row.append(own);
  }
}
