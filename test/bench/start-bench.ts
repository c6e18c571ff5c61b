/**
 * How long things take to start: the backend, an agent's program in its fence, the extension in its host; and what the
 * backend holds when nothing happens. Each beside a bare Node, or the same program without us, in the same run.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { measureActivation } from './activation.ts';
import { bareChild, bareNodeMs, MeasuredBackend, memoryOf, type StartTimes } from './backend-start.ts';
import { tellFigure } from './bench-figure.ts';
import { measureAgentStarts } from './fenced-start.ts';
import { quantile } from './figures.ts';

const rounds = 15;
/** By then it has kept what was compiled, its search rests, and V8 has given back what the start has left. */
const settleMs = 30_000;
const middle = (values: readonly number[]) => quantile(values, 0.5);

const home = mkdtempSync(join(tmpdir(), 'agor-bench-start-'));
const backend = new MeasuredBackend(join(home, 'data'));
try {
  await measureBackend();
  await measureAgentStarts();
  await measureActivation();
} finally {
  await backend.end();
  rmSync(home, { recursive: true, force: true });
}

async function measureBackend(): Promise<void> {
  const first = await backend.start();
  console.log(`first start of a build, with empty databases: initialized after ${first.initializedMs.toFixed(0)} ms`);
  await measureMemory();
  await backend.end();
  const bare: number[] = [];
  const floor: number[] = [];
  const starts: StartTimes[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await bareNodeMs());
    const { child, answeredMs } = await bareChild();
    floor.push(answeredMs);
    child.kill('SIGKILL');
    await once(child, 'exit');
    starts.push(await backend.start());
    await backend.end();
  }
  tellStart({ bare: middle(bare), floor: middle(floor), starts });
}

type Starts = { readonly bare: number; readonly floor: number; readonly starts: readonly StartTimes[] };

function tellStart({ bare, floor, starts }: Starts): void {
  const initialized = middle(starts.map(({ initializedMs }) => initializedMs));
  const answered = middle(starts.map(({ answeredMs }) => answeredMs));
  console.log(`greeted after ${middle(starts.map(({ greetedMs }) => greetedMs)).toFixed(1)} ms, initialized ${initialized.toFixed(1)}`);
  const limit = { what: 'node -e 0', value: bare, unit: 'ms' };
  const peer = { what: 'a child of Node that only answers', value: floor, unit: 'ms' };
  tellFigure({
    ...{ name: 'start: backend initialized', ratio: initialized / bare, target: 1.8, atLeast: false },
    ...{ product: { what: 'spawned to initialized', value: initialized, unit: 'ms' }, limit, peer },
  });
  tellFigure({
    ...{ name: 'start: backend ready beyond a bare Node', ratio: answered - bare, target: 300, atLeast: false, unit: 'ms' },
    ...{ product: { what: 'spawned to the first list of agents', value: answered, unit: 'ms' }, limit, peer },
  });
}

async function measureMemory(): Promise<void> {
  const { child } = await bareChild();
  await delay(settleMs);
  const [ours, bare] = [memoryOf(backend.pid), memoryOf(child.pid ?? 0)];
  child.kill('SIGKILL');
  await once(child, 'exit');
  console.log(`share of shared memory counted in parts: backend ${ours.pss.toFixed(1)} MB, bare child ${bare.pss.toFixed(1)} MB`);
  tellFigure({
    ...{ name: 'start: backend at rest', ratio: ours.rss / bare.rss, target: 1.5, atLeast: false },
    product: { what: 'resident', value: ours.rss, unit: 'MB' },
    limit: { what: 'a bare child of Node', value: bare.rss, unit: 'MB' },
  });
}
