/** The figures as a table: what is wanted, what it was in the middle and in each run, and what it is a share of. Pure. */
import type { BenchFigure } from './bench-figure.ts';

const heads = ['figure', 'ratio', 'target', '', 'runs', 'product', 'limit', 'peer'] as const;

export function figureTable(figures: readonly BenchFigure[]): string {
  const rows = [heads, ...figures.map(cells)];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const missed = figures.filter(({ met }) => !met).length;
  const notes = figures.flatMap(({ name, note }) => (note ? [`${name}: ${note}`] : []));
  return [...lines, '', `${figures.length - missed} of ${figures.length} met`, ...notes].join('\n');
}

function cells(figure: BenchFigure): string[] {
  const { name, ratio, target, atLeast, unit = '×', met, values, product, limit, peer } = figure;
  const wanted = `${atLeast ? '≥' : '≤'} ${short(target)} ${unit}`;
  const amounts = [product, limit, peer].map((amount) => (amount ? `${short(amount.value)} ${amount.unit} (${amount.what})` : ''));
  return [name, `${short(ratio)} ${unit}`, wanted, met ? 'met' : 'MISSED', values.map(short).join(' '), ...amounts];
}

/** Three digits that count. */
export function short(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
