/**
 * Has a demo agent started, asked and removed, over a backend and a data directory of its own: the whole chain of this
 * installation from backend to fenced program, with nothing of it in the person's own data.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readBuildInfo } from '../base/build-info.ts';
import { dataPaths } from '../base/data-paths.ts';
import { isSameProcess } from '../base/process-identity.ts';
import { asStorageError } from '../base/storage-error.ts';
import { within } from '../base/within.ts';
import { type Connection, openConnection } from '../cli/connection.ts';
import type { Agent } from '../protocol/agent.ts';
import type { BootReport, BootStep } from '../protocol/doctor.ts';
import { AgorError } from '../protocol/errors.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { OwnerRecord } from '../protocol/owner-record.ts';
import type { Item } from '../protocol/session.ts';
import { livingOwner } from './doctor-ask.ts';

type Trial = { readonly dataDir: string; readonly project: string; readonly config: string };
type Done = { readonly tookMs: number; readonly detail: string };

const answerTimeoutMs = 60_000;
const endTimeoutMs = 15_000;
const pollMs = 20;

export async function bootDemo(dataDir: string, programDir: string): Promise<BootReport> {
  const startedAt = performance.now();
  const root = scratchIn(dataDir);
  const trial = { dataDir: join(root, 'data'), project: join(root, 'project'), config: join(root, 'config') };
  const steps: BootStep[] = [];
  try {
    for (const folder of [trial.project, trial.config]) mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(trial.project, 'README.md'), '# A project for trying out the installation\n');
    await runSteps(steps, trial, programDir);
  } finally {
    const { tookMs, detail, isOk } = await timed('ended and removed', () => end(trial, root));
    steps.push({ name: 'ended and removed', tookMs, detail, isOk });
  }
  const tookMs = Math.round(performance.now() - startedAt);
  return { isWhole: steps.every(({ isOk }) => isOk), tookMs, build: readBuildInfo(programDir), steps };
}

function scratchIn(dataDir: string): string {
  const scratch = join(dataDir, 'scratch');
  try {
    mkdirSync(scratch, { recursive: true, mode: 0o700 });
    return mkdtempSync(join(scratch, 'boot-'));
  } catch (error) {
    throw asStorageError(error, scratch);
  }
}

/** Each step needs the one before; the first that fails is the last that is tried. */
async function runSteps(steps: BootStep[], trial: Trial, programDir: string): Promise<void> {
  let connection: Connection | undefined;
  let agent: Agent | undefined;
  const plan: readonly (readonly [string, () => Promise<string>])[] = [
    [
      'backend started',
      async () => {
        connection = await openConnection({ dataDir: trial.dataDir, role: 'cli', distDir: programDir, env: environment(trial) });
        const { pid, build } = await connection.call('health/get', {});
        return `pid ${pid}, Node ${build.nodeVersion}`;
      },
    ],
    [
      'agent added',
      async () => {
        agent = await addDemo(required(connection), trial);
        return agent.name;
      },
    ],
    ['prompt answered', () => promptDemo(required(connection), required(agent).id)],
    ['fence tried out', () => fenceOf(required(connection), required(agent).id)],
    ['agent removed', () => removeDemo(required(connection))],
  ];
  for (const [name, work] of plan) {
    const { isOk, ...done } = await timed(name, work);
    steps.push({ name, ...done, isOk });
    if (!isOk) break;
  }
  connection?.close();
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new AgorError('internal', 'A step was tried before the one that it needs.');
  return value;
}

async function timed(name: string, work: () => Promise<string>): Promise<Done & { readonly isOk: boolean }> {
  const startedAt = performance.now();
  try {
    const detail = await work();
    return { tookMs: Math.round(performance.now() - startedAt), detail, isOk: true };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { tookMs: Math.round(performance.now() - startedAt), detail: `${name}: ${why}`, isOk: false };
  }
}

/** It ends soon by itself, should this process be killed; and it takes no groups and prices of the person. */
function environment({ config }: Trial): NodeJS.ProcessEnv {
  return { ...process.env, AGOR_CONFIG_DIR: config, AGOR_IDLE_END_MINUTES: '1', AGOR_ORPHAN_GRACE_MINUTES: '1' };
}

async function addDemo(connection: Connection, { project }: Trial): Promise<Agent> {
  await connection.call('project/add', { path: project, name: 'boot', trusted: true });
  return connection.call('agent/add', { project: 'boot', name: 'demo', provider: 'demo', environment: { AGOR_DEMO_SPEED: '0' } });
}

/** The first line that it answers. */
export async function promptDemo(connection: Pick<Connection, 'call' | 'on'>, agent: AgentId): Promise<string> {
  const answers: string[] = [];
  let session: string | undefined;
  let asked: Promise<void> | undefined;
  const ended = new Promise<void>((resolve) => {
    const take = (item: Item) => {
      if (item.kind === 'text') answers.push(item.text);
      if (item.kind === 'turnEnd') resolve();
    };
    connection.on('session/changed', ({ sessionId, changes }) => {
      if (sessionId === session) for (const change of changes) if (change.op === 'put') take(change.item);
    });
    asked = connection.call('agent/prompt', { agent, text: 'hello' }).then(async ({ sessionId }) => {
      session = sessionId;
      // What came before it was watched is in the snapshot.
      for (const item of (await connection.call('session/watch', { session: sessionId })).items) take(item);
    });
  });
  if (!(await within(Promise.all([asked, ended]), answerTimeoutMs)))
    throw new AgorError('agentFailed', `There was no answer within ${answerTimeoutMs / 1000} s.`);
  const said = answers.find((text) => text.trim() !== '');
  if (said === undefined) throw new AgorError('agentFailed', 'The turn ended without an answer.');
  return said.trim().split('\n')[0] ?? '';
}

async function fenceOf(connection: Connection, id: AgentId): Promise<string> {
  const { agents } = await connection.call('agent/list', {});
  const sandbox = agents.find((agent) => agent.id === id)?.sandbox;
  if (!sandbox) throw new AgorError('agentFailed', 'The agent ran, and nobody said what it is fenced in by.');
  const gaps = sandbox.gaps.length > 0 ? `; ${sandbox.gaps.join(' ')}` : '';
  return `files ${sandbox.files}, network ${sandbox.network}${gaps}`;
}

async function removeDemo(connection: Connection): Promise<string> {
  await connection.call('project/remove', { project: 'boot' });
  return 'with its project';
}

async function end({ dataDir }: Trial, root: string): Promise<string> {
  const paths = dataPaths(dataDir);
  const owner = livingOwner(paths);
  if (owner) await endBackend(owner);
  // A path that is too long for a socket has a short folder elsewhere.
  if (owner && !owner.socketPath.startsWith(root)) rmSync(dirname(owner.socketPath), { recursive: true, force: true });
  rmSync(root, { recursive: true, force: true });
  return 'nothing of it is left';
}

/** In order; by force when that takes too long, since it is ours alone. */
async function endBackend(owner: OwnerRecord): Promise<void> {
  const deadline = performance.now() + endTimeoutMs;
  process.kill(owner.pid, 'SIGTERM');
  while (isSameProcess(owner)) {
    if (performance.now() > deadline) process.kill(owner.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
