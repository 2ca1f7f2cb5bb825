/** Every head of a table is a button that sorts by its column, up and then down. */
export function makeSortable(): void {
  for (const button of document.querySelectorAll<HTMLElement>('th button'))
    button.addEventListener('click', () => {
      const head = button.closest('th');
      if (head) sortBy(head);
    });
}

function sortBy(head: HTMLTableCellElement): void {
  const body = head.closest('table')?.tBodies[0];
  if (!body) return;
  const up = head.getAttribute('aria-sort') !== 'ascending';
  for (const other of head.parentElement?.children ?? []) other.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
  const value = (row: HTMLTableRowElement) => row.cells[head.cellIndex]?.dataset['v'] ?? '';
  const rows = [...body.rows];
  const isNumeric = rows.every((row) => value(row) !== '' && Number.isFinite(Number(value(row))));
  const compare = (a: HTMLTableRowElement, b: HTMLTableRowElement) =>
    isNumeric ? Number(value(a)) - Number(value(b)) : value(a).localeCompare(value(b), 'en');
  body.append(...rows.sort((a, b) => (up ? compare(a, b) : compare(b, a))));
}
