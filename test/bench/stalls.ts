/**
 * How long the event loop of this process is held up, beside that of a process that does nothing: on a busy machine both
 * wait for their turn, and only what is worse here is of our making.
 */
import { fork } from 'node:child_process';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

type Stalls = { readonly p99Ms: number; readonly longestMs: number };

const resolutionMs = 1;
const isIdleProcess = process.argv[2] === 'idle';

/** Returns what tells how it was since then. */
function meter(): () => Stalls {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  return () => {
    delay.disable();
    return { p99Ms: delay.percentile(99) / 1e6, longestMs: delay.max / 1e6 };
  };
}

/** Ours and the idle one's, and how long of the time our loop had work. */
export type StallFigures = { readonly ours: Stalls; readonly idle: Stalls; readonly activeMs: number };

export async function stallMeter(): Promise<() => Promise<StallFigures>> {
  const other = fork(import.meta.filename, ['idle'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await new Promise((resolve) => other.once('message', resolve));
  const [ours, before] = [meter(), performance.eventLoopUtilization()];
  return async () => {
    const { active } = performance.eventLoopUtilization(before);
    const answered = new Promise<Stalls>((resolve) => other.once('message', (stalls: Stalls) => resolve(stalls)));
    other.send('stop');
    return { ours: ours(), idle: await answered, activeMs: active };
  };
}

export function stallText({ ours, idle, activeMs }: StallFigures): string {
  return `event loop p99 ${text(ours)}, busy for ${activeMs.toFixed(0)} ms in all; of an idle process p99 ${text(idle)}`;
}

function text({ p99Ms, longestMs }: Stalls): string {
  return `${p99Ms.toFixed(1)} ms, longest ${longestMs.toFixed(1)} ms`;
}

if (isIdleProcess) {
  const stop = meter();
  process.once('message', () => {
    process.send?.(stop());
    process.disconnect();
  });
  process.send?.('ready');
}
