/**
 * The tests that run inside VS Code's extension host. VS Code calls `run`; the results go, one line of JSON each, into
 * the file that AGOR_HOST_RESULTS names, because the host's output does not reach the runner whole.
 */
import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

export type HostResult = { title: string; state: 'passed' | 'failed' | 'skipped'; error?: string };

const testTimeoutMs = 30_000;

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: testTimeoutMs, reporter: Mocha.reporters.Base });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  // A test file needs mocha's globals when it is loaded. Each file of this folder is named here.
  await import('./activation.test.ts');
  await import('./projects-tree.test.ts');
  await import('./attention.test.ts');
  await import('./decisions.test.ts');
  await import('./chat-panel.test.ts');
  await import('./board-panel.test.ts');
  await import('./search.test.ts');
  await import('./comfort.test.ts');
  await import('./notices.test.ts');
  await import('./metrics-panel.test.ts');
  await import('./audit-panel.test.ts');
  await import('./panel-life.test.ts');
  await import('./secrets.test.ts');
  await import('./groups-file.test.ts');
  await import('./upkeep.test.ts');
  await import('./backend.test.ts');
  const failures = await new Promise<number>((resolve) => report(mocha.run(resolve)));
  if (failures > 0) throw new Error(`${failures} tests failed in the extension host.`);
}

function report(runner: Mocha.Runner): void {
  runner.on('pass', (test) => write({ title: test.fullTitle(), state: 'passed' }));
  runner.on('pending', (test) => write({ title: test.fullTitle(), state: 'skipped' }));
  runner.on('fail', (test, error) => write({ title: test.fullTitle(), state: 'failed', error: error.stack ?? String(error) }));
}

function write(result: HostResult): void {
  const file = process.env.AGOR_HOST_RESULTS;
  if (file) appendFileSync(file, `${JSON.stringify(result)}\n`);
  else console.log(JSON.stringify(result));
}
