/** A line of values as large as the text beside it. The page's policy forbids style attributes, so it is drawn by SVG's own. */
import { html, nothing, svg, type TemplateResult } from 'lit';

export const width = 200;
export const height = 36;
const margin = 3;

/** Lines of the values that are known, from left to right; from 0 to the largest, so that no small change looks like a fall. */
export function linesOf(values: readonly (number | null)[]): string[] {
  const most = Math.max(...values.map((value) => value ?? 0));
  const step = values.length > 1 ? (width - 2 * margin) / (values.length - 1) : 0;
  const lines: string[][] = [[]];
  for (const [index, value] of values.entries()) {
    if (value === null) lines.push([]);
    else lines.at(-1)?.push(`${round(margin + index * step)},${round(placeOf(value, most))}`);
  }
  return lines.filter((line) => line.length > 0).map((line) => line.join(' '));
}

/** `label` says in words what the line shows. */
export function sparkline(values: readonly (number | null)[], label: string): TemplateResult {
  const lines = linesOf(values);
  const end = values.at(-1) === null ? undefined : lines.at(-1)?.split(' ').at(-1);
  return html`<svg class="sparkline" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label=${label}>
    <line class="ground" x1="0" x2=${width} y1=${height - 1} y2=${height - 1}></line>
    ${lines.map((line) => svg`<polyline points=${withEnd(line)}></polyline>`)}
    ${end === undefined ? nothing : svg`<polyline class="end" points="${end} ${end}"></polyline>`}
  </svg>`;
}

/** A single value is a dot, which SVG draws for a line from a place to the same place. */
function withEnd(line: string): string {
  return line.includes(' ') ? line : `${line} ${line}`;
}

function placeOf(value: number, most: number): number {
  return most <= 0 ? height - margin : height - margin - (Math.max(0, value) / most) * (height - 2 * margin);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
