/**
 * A message to an idle agent, over a real backend and sidecar: from the moment that its sender hears that it was accepted
 * until the agent's program is given it. Held against one durable commit and one round trip over a socket, made between
 * the messages.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/environment.ts';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Item } from '../../server/protocol/session.ts';
import { Followed, LiveBackend, until } from '../support/live-backend.ts';
import { sizeOr, tellFigure } from './bench-figure.ts';
import { quantile } from './figures.ts';
import { RoundTrip } from './round-trip.ts';

const program = join(root, 'test/fixtures/programs/tells-when.mjs');
const messages = sizeOr(300);
const warmUp = 30;

const dir = mkdtempSync(join(tmpdir(), 'agor-bench-btmsg-'));
const backend = await LiveBackend.create({ distDir: join(root, 'dist') });
const trip = await RoundTrip.open(dir);
try {
  const connection = await backend.connect();
  const agent = await idleAgent(connection);
  const took: number[] = [];
  const limits: number[] = [];
  for (let number = -warmUp; number < messages; number += 1) {
    const tookMs = await oneMessage(connection, agent);
    const limitMs = trip.commit() + (await trip.there());
    if (number < 0) continue;
    took.push(tookMs);
    limits.push(limitMs);
  }
  tell(took, limits);
} finally {
  await backend.close();
  await trip.close();
  rmSync(dir, { recursive: true, force: true });
}

function tell(took: readonly number[], limits: readonly number[]): void {
  for (const [name, share] of [
    ['p99', 0.99],
    ['p50', 0.5],
  ] as const) {
    const [ours, limit] = [quantile(took, share), quantile(limits, share)];
    tellFigure({
      ...{ name: `btmsg, accepted to given, ${name}`, ratio: ours / limit, target: 3, atLeast: false },
      product: { what: 'accepted to given', value: ours, unit: 'ms' },
      limit: { what: 'a commit and a round trip', value: limit, unit: 'ms' },
    });
  }
}

type IdleAgent = { readonly id: Agent['id']; readonly followed: Followed };

/** Its program runs with a session open and has nothing to do; without a fence, which could not show it where it lies. */
async function idleAgent(connection: Connection): Promise<IdleAgent> {
  await connection.call('project/add', { path: backend.project, trusted: true });
  await connection.call('settings/put', { values: { 'messages.perMinute': 100_000 } });
  const command = [process.execPath, program];
  const { id } = await connection.call('agent/add', { project: 'project', name: 'reader', provider: 'acp', command, sandboxMode: 'off' });
  const { sessionId } = await connection.call('agent/prompt', { agent: id, text: 'Begin.' });
  const followed = await Followed.session(connection, sessionId);
  await followed.untilTurnEnds();
  await isIdle(connection, id);
  return { id, followed };
}

async function oneMessage(connection: Connection, { id, followed }: IdleAgent): Promise<number> {
  const before = answersIn(followed.ordered());
  await connection.call('message/send', { to: 'reader', text: 'Read this.', expectsReply: false });
  const acceptedAt = performance.timeOrigin + performance.now();
  await followed.until((items) => answersIn(items) > before);
  const answer = followed.ordered().findLast(({ kind }) => kind === 'text');
  await isIdle(connection, id);
  const givenAt = Number(/at=([\d.]+);/.exec(answer?.kind === 'text' ? answer.text : '')?.[1]);
  return Math.max(0, givenAt - acceptedAt);
}

/** That were said to their end. */
function answersIn(items: readonly Item[]): number {
  return items.filter((item) => item.kind === 'text' && item.complete).length;
}

async function isIdle(connection: Connection, id: Agent['id']): Promise<void> {
  await until(async () => (await connection.call('agent/list', {})).agents.some((agent) => agent.id === id && agent.state === 'idle'));
}
