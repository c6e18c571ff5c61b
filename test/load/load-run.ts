/** Many agents at once on one backend: each gets its tasks one after the other, on the board and as real prompts. */
import { join } from 'node:path';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Item } from '../../server/protocol/session.ts';
import { Followed } from '../support/live-backend.ts';
import type { LoadFigures } from './load-figures.ts';

export type Load = {
  readonly agents: number;
  readonly tasksPerAgent: number;
  /** A folder that becomes the project, and is none before. */
  readonly project: string;
  /** Where the demo agents keep their sessions. */
  readonly stateDir: string;
  /** A connection of one agent's driver. */
  readonly connect: () => Promise<Connection>;
};

const turnPatienceMs = 60_000;
/** Words of the demo agent, of which none waits for a person. */
const prompts = ['help', 'tools', 'tasks'];

/** Resolves when every task was tried and its traces were looked for; what went wrong is in the figures. */
export async function runLoad(load: Load, figures: LoadFigures): Promise<void> {
  const connection = await load.connect();
  const { id: project } = await connection.call('project/add', { path: load.project, trusted: true });
  try {
    const agents = await Promise.all(Array.from({ length: load.agents }, (_, index) => addAgent(connection, { load, project, index })));
    await Promise.all(agents.map((agent) => figures.measure('start of an agent', () => started(connection, agent))));
    await Promise.all(agents.map((agent) => driveAgent(agent, { load, project, figures })));
    await lookForTasks(connection, { load, project, figures });
  } finally {
    await connection.call('project/remove', { project });
    connection.close();
  }
}

type NewAgent = { readonly load: Load; readonly project: string; readonly index: number };

function addAgent(connection: Connection, { load, project, index }: NewAgent): Promise<Agent> {
  const environment = { AGOR_DEMO_SPEED: '0', AGOR_DEMO_STATE_DIR: join(load.stateDir, `agent-${index}`) };
  return connection.call('agent/add', { project, name: `load-${index + 1}`, provider: 'demo', environment });
}

/** Starting is answered at once; the program is there when the agent is idle. */
async function started(connection: Connection, { id }: Agent): Promise<void> {
  const isIdle = new Promise<void>((resolve) => {
    connection.on('agent/changed', ({ agent }) => {
      if (agent.id === id && agent.state === 'idle') resolve();
    });
  });
  const { state } = await connection.call('agent/start', { agent: id });
  if (state !== 'idle') await inTime(isIdle, 'it did not become idle');
}

type Drive = { readonly load: Load; readonly project: string; readonly figures: LoadFigures };

async function driveAgent(agent: Agent, { load, project, figures }: Drive): Promise<void> {
  const connection = await load.connect();
  const { id: session } = await connection.call('session/create', { agent: agent.id });
  const followed = await Followed.session(connection, session);
  for (let n = 1; n <= load.tasksPerAgent; n += 1) {
    const title = titleOf(agent, n);
    const task = { connection, project, agent, followed, figures, title, n };
    await figures.measure('a whole task', () => oneTask(task)).catch((error: unknown) => figures.error(`${title}: ${messageOf(error)}`));
  }
  if (followed.gaps.length > 0) figures.error(`${agent.name}: the session's feed had ${followed.gaps.length} gaps`);
  connection.close();
}

type OneTask = Pick<Drive, 'project' | 'figures'> & {
  readonly connection: Connection;
  readonly agent: Agent;
  readonly followed: Followed;
  readonly title: string;
  readonly n: number;
};

/** The way that a task goes: on the board, in progress, worked on, done. */
async function oneTask({ connection, project, agent, followed, figures, title, n }: OneTask): Promise<void> {
  const task = await figures.measure('task/add', () => connection.call('task/add', { title, team: project, assign: agent.id }));
  await figures.measure('task/move', () => connection.call('task/move', { task: task.id, state: 'progress' }));
  const text = prompts[n % prompts.length] ?? 'help';
  const prompt = await figures.measure('agent/prompt', () => connection.call('agent/prompt', { agent: agent.id, text }));
  await figures.measure('prompt taken to end of turn', async () => {
    const end = await inTime(turnEndOf(followed, prompt.promptId), 'the turn did not end');
    if (end.reason !== 'completed') throw new Error(`the turn ended as ${end.reason}: ${end.failure?.message ?? ''}`);
  });
  await figures.measure('task/move', () => connection.call('task/move', { task: task.id, state: 'done' }));
}

type TurnEnd = Extract<Item, { kind: 'turnEnd' }>;

async function turnEndOf(followed: Followed, promptId: string): Promise<TurnEnd> {
  let found: TurnEnd | undefined;
  await followed.until((items) => {
    const turnId = items.find((item) => item.kind === 'prompt' && item.promptId === promptId)?.turnId;
    found = items.find((item): item is TurnEnd => item.kind === 'turnEnd' && turnId !== null && item.turnId === turnId);
    return found !== undefined;
  });
  if (!found) throw new Error('unreachable: the claim above held');
  return found;
}

/** Everything that was acknowledged is on the board, once, and the audit log holds. */
async function lookForTasks(connection: Connection, { load, project, figures }: Drive): Promise<void> {
  const { tasks } = await connection.call('task/list', { team: project, all: true });
  const done = tasks.filter(({ state }) => state === 'done').length;
  const expected = load.agents * load.tasksPerAgent;
  if (done !== expected) figures.error(`${done} of ${expected} tasks are done on the board`);
  if (new Set(tasks.map(({ title }) => title)).size !== tasks.length) figures.error('a task is on the board twice');
  const { problems } = await connection.call('health/get', {});
  for (const problem of problems) figures.error(`the backend says: ${problem}`);
}

function titleOf({ name }: Agent, n: number): string {
  return `${name}, task ${n}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function inTime<T>(work: Promise<T>, otherwise: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${otherwise} within ${turnPatienceMs / 1000} s`)), turnPatienceMs);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
