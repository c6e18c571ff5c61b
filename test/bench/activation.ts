/** What the extension takes of the processor while VS Code activates it, in its real extension host. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/environment.ts';
import { startEditor } from '../support/editor.ts';
import { until } from '../support/live-backend.ts';
import { tellFigure } from './bench-figure.ts';
import { quantile } from './figures.ts';

type Work = { readonly readMs: number; readonly activateMs: number };

const windows = 3;
const middle = (values: readonly number[]) => quantile(values, 0.5);

export async function measureActivation(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'agor-bench-activation-'));
  const file = join(folder, 'activation.jsonl');
  const editor = await startEditor({ env: { AGOR_BENCH_ACTIVATION: file } });
  const putBack = putProbe();
  try {
    for (let opened = 1; opened <= windows; opened += 1) {
      const window = await editor.openPage();
      await until(() => workIn(file).length === opened, 60_000);
      await window.page.context().close();
    }
    tell(workIn(file));
  } finally {
    putBack();
    await editor.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Answers how to take it away again; a run that is cut off before that is mended by the next build. */
function putProbe(): () => void {
  const program = join(root, 'dist', 'extension.cjs');
  const measured = join(root, 'dist', 'extension.measured.cjs');
  renameSync(program, measured);
  copyFileSync(join(import.meta.dirname, 'activation-probe.cjs'), program);
  return () => renameSync(measured, program);
}

function workIn(file: string): Work[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  // Our own probe has written them.
  return lines.map((line) => JSON.parse(line) as Work);
}

function tell(work: readonly Work[]): void {
  const [read, called] = [middle(work.map(({ readMs }) => readMs)), middle(work.map(({ activateMs }) => activateMs))];
  console.log(`activation: ${read.toFixed(1)} ms of the processor for reading the program, ${called.toFixed(1)} ms for activate()`);
  const value = read + called;
  tellFigure({
    ...{ name: 'start: activation of the extension', ratio: value, target: 50, atLeast: false, unit: 'ms' },
    product: { what: 'its program read and activate() called, time of the processor', value, unit: 'ms' },
  });
}
