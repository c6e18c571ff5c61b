/**
 * The outbox at full durability: from `append` until the backend has taken the event and its row is gone from the disk.
 * Held against rows that are only inserted at the same durability, and against the statements of the original outbox.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import { tellFigure } from './bench-figure.ts';
import { inTurns } from './in-turns.ts';
import { OutboxLoad, someEvents } from './outbox-load.ts';
import { RawRows, SeedShaped } from './outbox-peers.ts';

const inFlight = 512;
const dir = mkdtempSync(join(tmpdir(), 'agor-bench-outbox-'));
const file = (name: string) => join(dir, `${name}.db`);
try {
  await measureFlow(10 * inFlight);
  await measureBurst('burst of 4,000', someEvents(4_000), { blocks: 3, target: 40 });
  await measureBurst('backlog of 20,000', someEvents(20_000), { blocks: 1, target: 100 });
  await measureSerial(100);
  await measureWaiting({ few: 1_000, many: 100_000, block: 10 * inFlight });
} finally {
  rmSync(dir, { recursive: true, force: true });
}

async function measureFlow(block: number): Promise<void> {
  const events = someEvents(block);
  const [load, raw] = [new OutboxLoad(file('outbox')), new RawRows(file('raw'))];
  load.connect();
  const took = await inTurns(15, { ours: () => flow(load, events), raw: () => raw.insertInGroups(events) });
  load.close();
  raw.close();
  tellFigure({
    ...{ name: 'outbox, 512 in flight', ratio: took.raw / took.ours, target: 0.8, atLeast: true },
    ...{ product: rate('appended, taken, removed', took.ours, block), limit: rate('inserted 256 to a commit', took.raw, block) },
  });
}

/** All are there at once. Each time in new files, as after a start. */
async function measureBurst(
  what: string,
  events: readonly AgentEvent[],
  { blocks, target }: { blocks: number; target: number },
): Promise<void> {
  const took = await inTurns(blocks, {
    ours: () => using(new OutboxLoad(file('outbox')), (load) => flood(load, events)),
    raw: () => using(new RawRows(file('raw')), (rows) => rows.insertInGroups(events)),
    seed: (block) => block > 0 && using(new SeedShaped(file('seed')), (queue) => queue.flood(events)),
  });
  tellFigure({
    ...{ name: `outbox, ${what}`, ratio: took.seed / took.ours, target, atLeast: true },
    product: rate('appended, taken, removed', took.ours, events.length),
    limit: rate('inserted 256 to a commit', took.raw, events.length),
    peer: rate('statements of the original', took.seed, events.length),
  });
}

async function measureSerial(block: number): Promise<void> {
  const events = someEvents(block);
  const [load, raw, seed] = [new OutboxLoad(file('outbox')), new RawRows(file('raw')), new SeedShaped(file('seed'))];
  load.connect();
  const took = await inTurns(40, {
    ours: () => oneByOne(load, events),
    raw: () => raw.insertOneByOne(events),
    seed: () => seed.flood(events),
  });
  for (const each of [load, raw, seed]) each.close();
  tellFigure({
    ...{ name: 'outbox, one event at a time', ratio: took.raw / took.ours, target: 0.9, atLeast: true },
    ...{ product: rate('taken before the next', took.ours, block), limit: rate('inserted one to a commit', took.raw, block) },
    peer: rate('statements of the original', took.seed, block),
  });
}

/** As many come as are taken, while others wait before them. */
async function measureWaiting({ few, many, block }: { few: number; many: number; block: number }): Promise<void> {
  const events = someEvents(block);
  const loads = [new OutboxLoad(file('few')), new OutboxLoad(file('many'))] as const;
  await appendAll(loads[0], someEvents(few));
  await appendAll(loads[1], someEvents(many));
  const took = await inTurns(15, { few: () => flowBehind(loads[0], events), many: () => flowBehind(loads[1], events) });
  for (const load of loads) load.close();
  tellFigure({
    ...{ name: 'outbox, 100,000 waiting', ratio: took.few / took.many, target: 0.8, atLeast: true },
    ...{ product: rate('while 100,000 wait', took.many, block), peer: rate('while 1,000 wait', took.few, block) },
  });
}

/** 512 are on their way to the disk at a time, as from a program that talks without a pause. */
async function flow(load: OutboxLoad, events: readonly AgentEvent[]): Promise<void> {
  const last = load.outbox.lastSeq + events.length;
  await appendAll(load, events);
  await load.taken(last);
  load.outbox.flushNow();
}

async function flood(load: OutboxLoad, events: readonly AgentEvent[]): Promise<void> {
  load.connect();
  for (const event of events) void load.append(event);
  await load.taken(load.outbox.lastSeq);
  load.outbox.flushNow();
}

async function oneByOne(load: OutboxLoad, events: readonly AgentEvent[]): Promise<void> {
  for (const event of events) await load.taken(await load.append(event));
  load.outbox.flushNow();
}

async function flowBehind(load: OutboxLoad, events: readonly AgentEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += inFlight) {
    const group = events.slice(from, from + inFlight);
    await Promise.all(group.map((event) => load.append(event)));
    await load.take(group.length);
  }
  load.outbox.flushNow();
}

async function appendAll(load: OutboxLoad, events: readonly AgentEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += inFlight) {
    await Promise.all(events.slice(from, from + inFlight).map((event) => load.append(event)));
  }
}

/** How long the use takes, without opening and closing. */
async function using<T extends { close(): void }>(made: T, use: (made: T) => unknown): Promise<number> {
  try {
    const begun = performance.now();
    await use(made);
    return performance.now() - begun;
  } finally {
    made.close();
  }
}

function rate(what: string, tookMs: number, count: number) {
  return { what, value: count / (tookMs / 1_000), unit: 'events/s' };
}
