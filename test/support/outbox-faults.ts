/** What durable events are put through: an outage of hours, and a death before each statement. Figures as fault rows print them. */
import { setImmediate } from 'node:timers/promises';
import { newId } from '../../server/base/uuid.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import { AgorError } from '../../server/protocol/errors.ts';
import type { TurnId } from '../../server/protocol/ids.ts';
import { Delivery } from '../../server/sidecar/delivery.ts';
import { CrashPoint } from './crashing-database.ts';
import { FakeClock } from './fake-clock.ts';
import { OutboxWorld } from './outbox-world.ts';
import { auditEvents } from './test-stores.ts';

export type OutboxFigures = {
  readonly points: number;
  readonly acked: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly problems: readonly string[];
};

const stepMs = 1_000;
const minuteMs = 60_000;

/**
 * Events wait while no backend takes anything: for a part of each hour none is there, for a part one cannot write, and
 * the sidecar is killed every hour. Then one comes that takes them. Points are the tries in vain. `random` is from 0 to 1.
 */
export async function outage(options: {
  readonly hours: number;
  readonly events: number;
  readonly random: () => number;
}): Promise<OutboxFigures> {
  const { hours, events, random } = options;
  const world = new OutboxWorld();
  const clock = new FakeClock();
  const hindered = { tries: 0 };
  try {
    await world.appendAll(Array.from({ length: events }, (_, n) => notice(`${n}`)));
    for (let hour = 0; hour < hours; hour += 1) {
      world.killSidecar();
      await waitInVain(deliveryOf(world, clock, random), clock, hindered);
    }
    const poisoned = world.outbox.poisonedCount;
    const delivery = deliveryOf(world, clock, random);
    delivery.connected({ build: 'b', send: async (sent) => world.take(sent) });
    await delivery.drained();
    delivery.stop();
    const problems = [...waiting(world), ...(poisoned > 0 ? [`${poisoned} events were set aside in the outage`] : [])];
    return { points: hindered.tries, ...compared(world, problems) };
  } finally {
    world.remove();
  }
}

/** An hour in which a backend that cannot write comes and goes. */
async function waitInVain(delivery: Delivery, clock: FakeClock, hindered: { tries: number }): Promise<void> {
  const send = async () => {
    hindered.tries += 1;
    throw new AgorError('storage', 'The backend could not keep the events.');
  };
  delivery.start();
  for (let minute = 0; minute < 60; minute += 1) {
    if (minute % 10 === 3) delivery.connected({ build: 'b', send });
    if (minute % 10 === 8) delivery.disconnected();
    for (let passedMs = 0; passedMs < minuteMs; passedMs += stepMs) {
      clock.advance(stepMs);
      await setImmediate();
    }
  }
  delivery.stop();
}

function deliveryOf({ outbox }: OutboxWorld, clock: FakeClock, random: () => number): Delivery {
  return new Delivery({ outbox, barrierSeq: () => Number.POSITIVE_INFINITY, onSettled: () => {}, clock, random, log: () => {} });
}

/** The same story, with a death before one more statement each time; `every` leaves out those in between. */
export async function deathAtEachStatement(options: { readonly every?: number } = {}): Promise<OutboxFigures> {
  const totals = { points: 0, acked: 0, lost: 0, duplicates: 0, problems: [] as string[] };
  for (let at = 0; ; at += options.every ?? 1) {
    const crash = new CrashPoint(at);
    const { acked, lost, duplicates, problems } = await tell(crash);
    if (!crash.hasStruck) return totals;
    totals.points += 1;
    totals.acked += acked;
    totals.lost += lost;
    totals.duplicates += duplicates;
    totals.problems.push(...problems.map((problem) => `statement ${at}: ${problem}`));
  }
}

/** Every rule once: replaced events, an unknown kind, a rejected event, one requeued, one that only one database has. */
async function tell(crash: CrashPoint): Promise<Omit<OutboxFigures, 'points'>> {
  const world = new OutboxWorld(crash);
  const turns = [newId<TurnId>(), newId<TurnId>()] as const;
  try {
    await world.appendAll([notice('a'), notice('same'), notice('same'), started(turns[0])]);
    await world.append(usage(1), { mode: 'coalesce', dedupeKey: 'usage' });
    await world.append(notice('odd'));
    await world.append(notice('secret'));
    await world.append(usage(2), { mode: 'coalesce', dedupeKey: 'usage' });
    world.refuses = ({ event }) => minds[String(textOf(event))];
    world.deliver();
    await world.append(notice('unknown'));
    await world.append(ended(turns[0]));
    world.deliver();
    await world.append(started(turns[1]));
    world.build = 'second build';
    world.refuses = () => undefined;
    world.outboxSays((outbox) => outbox.requeue());
    world.deliver();
    crash.disarm();
    return compared(world, [...waiting(world), ...wrongEffects(world)]);
  } finally {
    world.remove();
  }
}

/** What the first backend thinks of some texts. */
const minds: Readonly<Record<string, 'rejected' | 'secretly' | 'unsupported'>> = {
  odd: 'rejected',
  secret: 'secretly',
  unknown: 'unsupported',
};

function waiting({ outbox }: OutboxWorld): string[] {
  const { pendingCount, poisonedCount } = outbox;
  return pendingCount + poisonedCount === 0 ? [] : [`${pendingCount} events wait and ${poisonedCount} are set aside at the end`];
}

/** What an event does is done once, whatever it took to bring it there. */
function wrongEffects(world: OutboxWorld): string[] {
  const rows = auditEvents(world.kept.stores).filter((event) => event === 'turn_started').length;
  const { turnCount, usage: shown } = world.sessions.get(world.sessionId);
  const told = world.acknowledgedOf('turnStarted');
  return [
    ...(rows === turnCount && turnCount >= told ? [] : [`${told} turns were told, ${rows} audited and ${turnCount} counted`]),
    ...(world.acknowledgedOf('usage') < 2 || shown?.inputTokens === 2 ? [] : [`the newest usage is ${shown?.inputTokens}`]),
  ];
}

/** Those that nobody refused keep their order. */
function compared(world: OutboxWorld, problems: readonly string[]): Omit<OutboxFigures, 'points'> {
  const told = world.told();
  const [given, shown] = [countOf(world.acknowledged), countOf(told)];
  const lost = [...given].reduce((sum, [text, count]) => sum + Math.max(0, count - (shown.get(text) ?? 0)), 0);
  const duplicates = [...shown].reduce((sum, [text, count]) => sum + Math.max(0, count - (world.attempted.get(text) ?? 0)), 0);
  const plain = (texts: readonly string[]) => texts.filter((text) => minds[text] === undefined);
  const order = new Map(plain([...world.attempted.keys()]).map((text, place) => [text, place]));
  const places = plain(told).map((text) => order.get(text) ?? -1);
  const isInOrder = places.every((place, index) => index === 0 || place >= (places[index - 1] ?? 0));
  return {
    acked: world.acknowledged.length,
    lost,
    duplicates,
    problems: [...problems, ...(isInOrder ? [] : ['they came in another order'])],
  };
}

function countOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function textOf(event: unknown): unknown {
  return typeof event === 'object' && event !== null && 'text' in event ? event.text : undefined;
}

function notice(text: string): AgentEvent {
  return { type: 'notice', level: 'info', text };
}

function started(turnId: TurnId): AgentEvent {
  return { type: 'turnStarted', turnId, promptIds: [] };
}

function ended(turnId: TurnId): AgentEvent {
  return { type: 'turnEnded', turnId, reason: 'completed', failure: null };
}

function usage(inputTokens: number): AgentEvent {
  const unknown = { outputTokens: null, cacheReadTokens: null, cacheWriteTokens: null, contextTokens: null, contextWindowTokens: null };
  return { type: 'usage', usage: { inputTokens, ...unknown, costUsd: null } };
}
