/**
 * What a benchmark tells. A bench is a program `<name>-bench.ts` that measures once and calls `tellFigure` for each of its
 * figures; `run.ts` runs it several times and keeps the medians. Everything else that it prints is for the reader.
 */
import { quantile } from './figures.ts';

/** One figure of one run. */
export type MeasuredFigure = {
  /** Unique among all benches; starts with the bench's name. */
  readonly name: string;
  /** What is held against the target: a share of the limit or of the peer, or a value as it is, where `unit` names it. */
  readonly ratio: number;
  readonly target: number;
  /** Whether the target is the least or the most that is allowed. */
  readonly atLeast: boolean;
  /** Of `ratio`; `×` unless told. */
  readonly unit?: string;
  /** What the product did, what the machine allows, and what another way did in the same run; all three alike. */
  readonly product?: Amount;
  readonly limit?: Amount;
  readonly peer?: Amount;
  readonly note?: string;
};

type Amount = { readonly what: string; readonly value: number; readonly unit: string };

/** One entry of `bench.json`: the median of all runs. */
export type BenchFigure = MeasuredFigure & {
  readonly bench: string;
  readonly met: boolean;
  /** The ratio of each run, in their order. */
  readonly values: readonly number[];
  readonly measuredAt: string;
};

const mark = '@figure ';

/** For a bench: what it has found. */
export function tellFigure(figure: MeasuredFigure): void {
  // JSON has no word for it and would make it a zero.
  if (!Number.isFinite(figure.ratio)) throw new Error(`The figure "${figure.name}" is ${figure.ratio}, which is no number to compare.`);
  process.stdout.write(`${mark}${JSON.stringify(figure)}\n`);
}

/** A size that the runner was told, in rows or messages of the bench; the bench's own one without. */
export function sizeOr(usual: number): number {
  const place = process.argv.indexOf('--size');
  return place < 0 ? usual : Number(process.argv[place + 1]);
}

/** Undefined for a line that is for the reader. */
export function figureIn(line: string): MeasuredFigure | undefined {
  // What stands behind the mark was written by `tellFigure`.
  return line.startsWith(mark) ? (JSON.parse(line.slice(mark.length)) as MeasuredFigure) : undefined;
}

export function isMet({ ratio, target, atLeast }: Pick<MeasuredFigure, 'ratio' | 'target' | 'atLeast'>): boolean {
  return atLeast ? ratio >= target : ratio <= target;
}

/** The figures of all runs of one bench, by name in the order of their first appearance. */
export function medianFigures(bench: string, runs: readonly MeasuredFigure[], measuredAt: string): BenchFigure[] {
  return [...Map.groupBy(runs, ({ name }) => name).values()].map((same) => medianFigure(bench, same, measuredAt));
}

function medianFigure(bench: string, runs: readonly MeasuredFigure[], measuredAt: string): BenchFigure {
  const values = runs.map(({ ratio }) => ratio);
  const ratio = quantile(values, 0.5);
  // The run in the middle, so that its amounts belong to its ratio.
  const middle = runs.find((run) => run.ratio === ratio);
  if (!middle) throw new Error(`bench ${bench}: a figure without a number: ${JSON.stringify(runs)}`);
  return { ...middle, bench, met: isMet(middle), values, measuredAt };
}
