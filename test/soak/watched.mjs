/**
 * Loaded before the backend and the sidecars of a soak by `--import`. Each minute it has the engine collect what is unused,
 * which it would put off for many minutes: only so does growth show after a short time. The backend writes a line for
 * each ten seconds: how long its event loop was held up, that collection apart, and what was alive after the last one.
 */
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const file = process.env.AGOR_SOAK_FILE;
const program = process.argv[1] ?? '';
const collectEveryMs = 60_000;
const writeEveryMs = 10_000;

if (file && /(backend|sidecar)\.js$/.test(program)) watch();

function watch() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const delay = monitorEventLoopDelay({ resolution: 2 });
  const ms = (nanoseconds) => nanoseconds / 1e6;
  let aliveBytes = null;
  setInterval(() => {
    collect();
    aliveBytes = process.memoryUsage().heapUsed;
    delay.reset();
  }, collectEveryMs).unref();
  if (!/backend\.js$/.test(program)) return;
  delay.enable();
  setInterval(() => {
    // Nothing was measured when a collection was just before.
    if (delay.count > 0) appendFileSync(file, `${JSON.stringify({ p99: ms(delay.percentile(99)), max: ms(delay.max), aliveBytes })}\n`);
    delay.reset();
  }, writeEveryMs).unref();
}
