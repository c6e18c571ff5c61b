/** Loaded before a backend by `--import`: writes how long its event loop was held up, a line for each ten seconds. */
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const file = process.env.AGOR_BENCH_LOOP_FILE;
const isBackend = /backend\.js$/.test(process.argv[1] ?? '');

if (file && isBackend) {
  const delay = monitorEventLoopDelay({ resolution: 2 });
  delay.enable();
  setInterval(() => {
    const ms = (nanoseconds) => nanoseconds / 1e6;
    const { heapUsed, rss } = process.memoryUsage();
    const line = { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max), heapUsed, rss };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
    delay.reset();
  }, 10_000).unref();
}
