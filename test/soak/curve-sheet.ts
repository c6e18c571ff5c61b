/** The curves of a soak as one picture (SVG): small charts below each other, with a line wherever a fault struck. Pure. */
import { type Curve, curves, type Fault, type Reading } from './reading.ts';

const chart = { width: 640, height: 110, left: 70, right: 16, top: 26, bottom: 18 };
const columns = 2;
const legendHeight = 40;
const colours = { line: '#0b61a4', fault: '#d9822b', grid: '#d8dde3', text: '#24292f' };

export function curveSheet(readings: readonly Reading[], faults: readonly Fault[], title: string): string {
  const rows = Math.ceil(curves.length / columns);
  const legendLines = Math.ceil(faults.length / 4);
  const height = legendHeight + rows * chart.height + legendLines * 14 + 20;
  const endMs = Math.max(1, readings.at(-1)?.atMs ?? 1);
  const charts = curves.map((curve, index) => {
    const x = (index % columns) * chart.width;
    const y = legendHeight + Math.floor(index / columns) * chart.height;
    return `<g transform="translate(${x} ${y})">${chartOf(curve, { readings, faults, endMs })}</g>`;
  });
  const legend = faults.map(({ atMs, name }, index) => {
    const [x, y] = [20 + (index % 4) * 310, legendHeight + rows * chart.height + 16 + Math.floor(index / 4) * 14];
    return text(x, y, `${index + 1}: ${escaped(name)} (${(atMs / 1000).toFixed(0)} s)`);
  });
  const size = `width="${chart.width * columns}" height="${height}"`;
  const body = [text(20, 24, escaped(title), 'font-size="15" font-weight="bold"'), ...charts, ...legend].join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="11" fill="${colours.text}">
<rect width="100%" height="100%" fill="#ffffff"/>
${body}
</svg>
`;
}

type Sheet = { readonly readings: readonly Reading[]; readonly faults: readonly Fault[]; readonly endMs: number };

function chartOf({ name, unit, of }: Curve, { readings, faults, endMs }: Sheet): string {
  const points = readings.map((reading) => ({ atMs: reading.atMs, value: of(reading) }));
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  const top = niceTop(Math.max(0, ...values));
  const [bottomY, plotHeight] = [chart.height - chart.bottom, chart.height - chart.top - chart.bottom];
  const x = (atMs: number) => chart.left + (atMs / endMs) * (chart.width - chart.left - chart.right);
  const y = (value: number) => bottomY - (value / top) * plotHeight;
  const marks = faults.map(
    ({ atMs }, index) =>
      `<line x1="${at(x(atMs))}" x2="${at(x(atMs))}" y1="${chart.top}" y2="${bottomY}" stroke="${colours.fault}" stroke-dasharray="2 3"/>${text(x(atMs) - 3, chart.top - 2, String(index + 1), `font-size="8" fill="${colours.fault}"`)}`,
  );
  return [
    text(chart.left, 12, escaped(unit === '' ? name : `${name}, ${unit}`), 'font-weight="bold"'),
    ...[0, top / 2, top].map((value) => gridLine(y(value), value)),
    ...marks,
    ...strokes(points).map((stroke) => line(stroke.map(({ atMs, value }) => `${at(x(atMs))},${at(y(value))}`))),
    text(chart.left, chart.height - 4, '0'),
    text(chart.width - chart.right, chart.height - 4, `${(endMs / 60_000).toFixed(1)} min`, 'text-anchor="end"'),
  ].join('');
}

type Drawn = { readonly atMs: number; readonly value: number };

/** The line is broken where nothing could be read. */
function strokes(points: readonly { readonly atMs: number; readonly value: number | null }[]): Drawn[][] {
  const found: Drawn[][] = [[]];
  for (const { atMs, value } of points) {
    if (value === null) found.push([]);
    else found.at(-1)?.push({ atMs, value });
  }
  return found.filter(({ length }) => length > 0);
}

function line(points: readonly string[]): string {
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${colours.line}" stroke-width="1.4"/>`;
}

function gridLine(y: number, value: number): string {
  const stroke = `<line x1="${chart.left}" x2="${chart.width - chart.right}" y1="${at(y)}" y2="${at(y)}" stroke="${colours.grid}"/>`;
  return `${stroke}${text(chart.left - 6, y + 4, String(Number(value.toPrecision(3))), 'text-anchor="end"')}`;
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${at(x)}" y="${at(y)}" ${attributes}>${content}</text>`;
}

/** The next of 1, 2, 5 times a power of ten. */
function niceTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power;
}

function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
