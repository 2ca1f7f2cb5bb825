import uPlot from 'uplot';

/** Runs in the reader's browser: draws charts when they come into view, sorts tables, switches the theme. */
const charts = JSON.parse(document.getElementById('report-data').textContent);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const drawn = new Map();

function redrawAll() {
  for (const figure of [...drawn.keys()]) draw(figure);
}

function draw(figure) {
  drawn.get(figure)?.destroy();
  const { points, red } = charts[Number(figure.dataset.chart)];
  const plot = figure.querySelector('.plot');
  const isRed = (bin) => red.some(({ from, to }) => bin >= from && bin < to);
  const highest = Math.max(1, ...points.map(([, requests, , upper]) => Math.max(requests ?? 0, upper ?? 0)));
  const data = [
    points.map(([bin]) => bin * 300),
    points.map(([, , , upper]) => upper ?? highest),
    points.map(() => 0),
    points.map(([, , expected]) => expected),
    points.map(([, requests]) => requests),
    points.map(([bin, requests]) => (isRed(bin) ? requests : null)),
  ];
  const stepped = uPlot.paths.stepped({ align: 1 });
  const axis = { stroke: colour('--ink'), grid: { stroke: colour('--line'), width: 1 } };
  const chart = new uPlot(
    {
      width: Math.max(280, plot.clientWidth),
      height: 220,
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC'),
      scales: { y: { range: (_, _low, high) => [0, Math.max(1, high * 1.05)] } },
      axes: [axis, { ...axis, size: 70 }],
      series: [
        { label: 'UTC' },
        { label: 'told from', paths: stepped, stroke: colour('--band'), points: { show: false } },
        { label: 'zero', paths: stepped, stroke: 'transparent', points: { show: false } },
        { label: 'usual', paths: stepped, stroke: colour('--dim'), dash: [4, 4], points: { show: false } },
        { label: 'requests', stroke: colour('--use'), width: 1.5, points: { show: false } },
        { label: 'in an incident', stroke: colour('--red'), width: 3 },
      ],
      bands: [{ series: [1, 2], fill: colour('--band') }],
      hooks: {
        draw: [
          (u) => {
            u.ctx.fillStyle = colour('--red');
            for (const { noticed } of red)
              u.ctx.fillRect(u.valToPos(noticed, 'x', true), u.bbox.top, 2, u.bbox.height);
          },
        ],
      },
    },
    data,
    plot,
  );
  figure.dataset.band = String(points.length);
  figure.dataset.red = String(points.filter(([bin]) => isRed(bin)).length);
  drawn.set(figure, chart);
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting && !drawn.has(target)) draw(target);
  },
  { rootMargin: '300px' },
);
for (const figure of document.querySelectorAll('figure')) seen.observe(figure);

for (const details of document.querySelectorAll('figure details')) {
  details.addEventListener('toggle', () => {
    if (!details.open || details.querySelector('table')) return;
    const table = document.createElement('table');
    const row = (cells, tag) => {
      const tr = table.insertRow();
      for (const text of cells) tr.appendChild(document.createElement(tag)).textContent = String(text ?? '?');
    };
    row(['UTC', 'requests', 'usual', 'told from'], 'th');
    for (const [bin, ...values] of charts[Number(details.parentElement.dataset.chart)].points)
      row([new Date(bin * 300_000).toISOString().slice(0, 16), ...values], 'td');
    const scroll = document.createElement('div');
    Object.assign(scroll, { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'Values' });
    details.append(scroll);
    scroll.append(table);
  });
}

for (const button of document.querySelectorAll('th button')) {
  button.addEventListener('click', () => {
    const th = button.parentElement;
    const body = th.closest('table').tBodies[0];
    const up = th.getAttribute('aria-sort') !== 'ascending';
    for (const other of th.parentElement.children) other.removeAttribute('aria-sort');
    th.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const value = (tr) => tr.cells[th.cellIndex].dataset.v;
    const compare = (a, b) => value(a).localeCompare(value(b), 'en', { numeric: false }) * (up ? 1 : -1);
    const byNumber = (a, b) => (Number(value(a)) - Number(value(b))) * (up ? 1 : -1);
    const rows = [...body.rows];
    const isNumeric = rows.every((tr) => value(tr) !== '' && Number.isFinite(Number(value(tr))));
    body.append(...rows.sort(isNumeric ? byNumber : compare));
  });
}

document.getElementById('theme').addEventListener('click', () => {
  const root = document.documentElement;
  const isDark = getComputedStyle(root).colorScheme === 'dark';
  root.dataset.theme = isDark ? 'light' : 'dark';
  redrawAll();
});
window.addEventListener('beforeprint', () => {
  for (const figure of document.querySelectorAll('figure')) draw(figure);
});
