/**
 * How soon an agent is back when something of it is killed: its sidecar, which the backend starts again, and its program,
 * which the sidecar does. What is over the wait that is documented is held against a start of the same thing.
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/environment.ts';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import { LiveBackend } from '../support/live-backend.ts';
import { AgentStates } from './agent-states.ts';
import { bareChild } from './backend-start.ts';
import { tellFigure } from './bench-figure.ts';
import { quantile } from './figures.ts';

/** The least that the settings allow attempts to be far apart by, so that their number does not change the wait. */
const sidecarWaitMs = 100;
/** Documented: half a second for each end within a minute; after more than three it stays down. */
const programWaitMs = 500;
const sidecarKills = 9;
const programKills = 2;
const agentsForPrograms = 4;
const middle = (values: readonly number[]) => quantile(values, 0.5);

const distDir = join(root, 'dist');
if (!existsSync(join(distDir, 'backend.js'))) throw new Error('The programs are not built. Run "npm run build" first.');
const backend = await LiveBackend.create({ distDir });
try {
  const connection = await backend.connect();
  const states = new AgentStates(connection);
  await connection.call('project/add', { path: backend.project, trusted: true });
  const values = { 'supervisor.baseDelayMs': sidecarWaitMs, 'supervisor.maxDelayMs': sidecarWaitMs, 'supervisor.maxAttempts': 20 };
  await connection.call('settings/put', { values });
  await warmUp(connection, states);
  await measureSidecar(connection, states);
  await measureProgram(connection, states);
} finally {
  await backend.close();
}

/** The first start of a build compiles what later ones find compiled. */
async function warmUp(connection: Connection, states: AgentStates): Promise<void> {
  const { id } = await addAgent(connection, 'first');
  await connection.call('agent/start', { agent: id });
  await states.until(id, ({ state }) => state === 'idle');
  await connection.call('agent/stop', { agent: id });
}

async function measureSidecar(connection: Connection, states: AgentStates): Promise<void> {
  const { id } = await addAgent(connection, 'killed');
  const times = { starts: [] as number[], noticed: [] as number[], back: [] as number[], bare: [] as number[] };
  for (let round = 0; round < sidecarKills; round += 1) {
    times.bare.push(await bareDeath());
    const begun = performance.now();
    void connection.call('agent/start', { agent: id });
    const up = await states.until(id, ({ state, runtime }) => state === 'idle' && runtime !== null);
    times.starts.push(up.at - begun);
    const { killedAt, noticedAt, backAt } = await kill(states, { id, pid: up.agent.runtime?.sidecarPid ?? 0 });
    times.noticed.push(noticedAt - killedAt);
    times.back.push(backAt - killedAt - sidecarWaitMs);
    await connection.call('agent/stop', { agent: id });
    await states.until(id, ({ state }) => state === 'stopped');
  }
  tell('a sidecar', times);
}

async function measureProgram(connection: Connection, states: AgentStates): Promise<void> {
  const times = { starts: [] as number[], noticed: [] as number[], back: [] as number[], bare: [] as number[] };
  for (let number = 1; number <= agentsForPrograms; number += 1) {
    const { id } = await addAgent(connection, `program-${number}`);
    times.bare.push(await bareDeath());
    void connection.call('agent/start', { agent: id });
    const attached = await states.until(id, ({ runtime }) => runtime !== null);
    let { at, agent } = await states.until(id, ({ state, runtime }) => state === 'idle' && runtime?.programPid != null);
    times.starts.push(at - attached.at);
    for (let nth = 1; nth <= programKills; nth += 1) {
      const { killedAt, noticedAt, backAt } = await kill(states, { id, pid: agent.runtime?.programPid ?? 0 });
      times.noticed.push(noticedAt - killedAt);
      times.back.push(backAt - killedAt - programWaitMs * nth);
      ({ agent } = states.now(id));
    }
    await connection.call('agent/stop', { agent: id });
  }
  tell('a program', times);
}

function addAgent(connection: Connection, name: string): Promise<Agent> {
  return connection.call('agent/add', { project: 'project', name, provider: 'demo', sandboxMode: 'off' });
}

async function kill(states: AgentStates, { id, pid }: { readonly id: Agent['id']; readonly pid: number }) {
  if (pid === 0) throw new Error('There is nothing to kill: the process is not known.');
  const killedAt = performance.now();
  process.kill(pid, 'SIGKILL');
  const { at: noticedAt } = await states.until(id, ({ state }) => state !== 'idle');
  const { at: backAt } = await states.until(id, ({ state, runtime }) => state === 'idle' && runtime?.programPid != null);
  return { killedAt, noticedAt, backAt };
}

/** What nobody can be faster than: a bare Node is killed, its end is seen, and the next one answers. */
async function bareDeath(): Promise<number> {
  const { child } = await bareChild();
  const begun = performance.now();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const next = await bareChild();
  const tookMs = performance.now() - begun;
  next.child.kill('SIGKILL');
  await once(next.child, 'exit');
  return tookMs;
}

type Times = Readonly<Record<'starts' | 'noticed' | 'back' | 'bare', readonly number[]>>;

function tell(what: string, { starts, noticed, back, bare }: Times): void {
  console.log(
    `${what} that was killed: noticed after ${middle(noticed).toFixed(1)} ms, the wait taken off back after ${middle(back).toFixed(0)} ms`,
  );
  const value = middle(back);
  tellFigure({
    ...{ name: `supervisor: ${what} that was killed is back`, ratio: value / middle(starts), target: 1.3, atLeast: false },
    product: { what: 'killed to ready, without the wait', value, unit: 'ms' },
    limit: { what: 'started to ready', value: middle(starts), unit: 'ms' },
    peer: { what: 'a bare Node, killed to the answer of the next', value: middle(bare), unit: 'ms' },
  });
}
