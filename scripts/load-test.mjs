/**
 * Load test: demo agents that work off tasks, all at once, over real sidecars and the backend's socket.
 *   AGENT_COUNT=5 TASKS_PER_AGENT=20 node scripts/load-test.mjs   a backend and a data directory of its own
 *   node scripts/load-test.mjs --data-dir <folder>                the backend of that data directory; its settings stay
 * Prints p50, p95 and max of each step, errors and tasks a second. Exit code 1 when anything failed.
 * Needs Node 22.18 or newer. Uses what `npm run build` has built, or the sources where nothing is built; `--dist <folder>`
 * names other programs. On a backend that runs, they must be of its build: a newer build takes its place.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openConnection } from '../server/cli/connection.ts';
import { countOf, LoadFigures } from '../test/load/load-figures.ts';
import { runLoad } from '../test/load/load-run.ts';
import { root } from './environment.ts';
import { endProcesses, processesOf } from './processes.ts';

const mostShownErrors = 20;
const mostTurns = 100;

const { values } = parseArgs({ options: { 'data-dir': { type: 'string' }, dist: { type: 'string' } } });
process.exitCode = await main().catch((error) => {
  console.error(`✖ ${error instanceof Error ? error.message : error}`);
  return 1;
});

async function main() {
  const agents = countOf('AGENT_COUNT', process.env.AGENT_COUNT, 5);
  const tasksPerAgent = countOf('TASKS_PER_AGENT', process.env.TASKS_PER_AGENT, 20);
  const home = mkdtempSync(join(tmpdir(), 'agor-load-'));
  const isOwn = values['data-dir'] === undefined;
  const dataDir = isOwn ? join(home, 'data') : resolve(values['data-dir']);
  const project = join(home, 'load-test');
  mkdirSync(project);
  try {
    const connect = connectorFor({ dataDir, home, isOwn });
    if (isOwn) await makeRoom(connect, agents);
    console.log(`load: ${agents} agents with ${tasksPerAgent} tasks each, on ${isOwn ? 'a backend of its own' : dataDir}`);
    const figures = new LoadFigures();
    const startedAt = performance.now();
    await runLoad({ agents, tasksPerAgent, project, stateDir: join(home, 'demo'), connect }, figures);
    return report(figures, (performance.now() - startedAt) / 1000);
  } finally {
    await endProcesses(() => (isOwn ? processesOf(home) : []), 5_000);
    rmSync(home, { recursive: true, force: true });
  }
}

function connectorFor({ dataDir, home, isOwn }) {
  const built = existsSync(join(root, 'dist', 'backend.js')) ? 'dist' : 'server';
  const distDir = values.dist === undefined ? join(root, built) : resolve(values.dist);
  const env = isOwn ? { ...process.env, AGOR_CONFIG_DIR: join(home, 'config') } : process.env;
  return () => openConnection({ dataDir, role: 'cli', distDir, env });
}

/** On a backend of its own, the load and not the limit on turns is what is measured. */
async function makeRoom(connect, agents) {
  const connection = await connect();
  await connection.call('settings/put', { values: { 'turns.max': Math.min(agents, mostTurns) } });
  connection.close();
}

function report(figures, seconds) {
  for (const line of figures.table()) console.log(line);
  console.log(
    `${figures.count('a whole task')} tasks in ${seconds.toFixed(1)} s, ${(figures.count('a whole task') / seconds).toFixed(1)} a second`,
  );
  console.log(`errors: ${figures.errors.length}`);
  for (const error of figures.errors.slice(0, mostShownErrors)) console.error(`✖ ${error}`);
  return figures.errors.length === 0 ? 0 : 1;
}
