/**
 * Eight hours without a backend that takes anything, on a clock that a test sets forward: nobody is there, one is there
 * and cannot keep anything, or they come and go. Afterwards every event arrives once and in order, and none was given up.
 */
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { newId } from '../../../server/base/uuid.ts';
import type { SessionId } from '../../../server/protocol/ids.ts';
import { Delivery, type Send } from '../../../server/sidecar/delivery.ts';
import type { Outbox } from '../../../server/sidecar/outbox.ts';
import { openOutbox } from '../../../server/sidecar/outbox-file.ts';
import type { SentEvent } from '../../../server/sidecar/sent-events.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import type { Random } from '../random.ts';
import type { Row } from '../row.ts';
import { Tally } from '../tally.ts';

const events = { short: 500, long: 5_000 };
const outageMs = 8 * 60 * 60 * 1_000;
const stepMs = { short: 15_000, long: 1_000 };
/** The agent is at work in the first hour. */
const workMs = 60 * 60 * 1_000;
const patienceMs = 10 * 60 * 1_000;
const sessionId = newId<SessionId>();

type Outage = { readonly name: string; readonly begin: (delivery: Delivery, step: number) => void };

const unable: Send = () => Promise.reject(new Error('the backend could not keep the events'));
const takesNone: Send = () => Promise.resolve({ ackedSeq: 0 });

const outages: readonly Outage[] = [
  { name: 'nobody there', begin: () => {} },
  { name: 'one that keeps nothing', begin: (delivery, step) => step === 0 && delivery.connected({ send: unable, build: 'a' }) },
  { name: 'one that takes nothing', begin: (delivery, step) => step === 0 && delivery.connected({ send: takesNone, build: 'a' }) },
  { name: 'they come and go', begin: comeAndGo },
];

export const outage: Row = {
  name: 'outage',
  async run({ size, points, random, scratch }) {
    const tally = new Tally();
    let givenUp = 0;
    for (const [index, kind] of outages.entries()) {
      givenUp += await survive(kind, {
        path: join(scratch, `${index}.db`),
        count: points ?? events[size],
        stepMs: stepMs[size],
        random,
        tally,
      });
    }
    return tally.figures([`${outages.length} outages of 8 hours`, `${givenUp} given up`]);
  },
};

function comeAndGo(delivery: Delivery, step: number): void {
  if (step % 90 === 0) delivery.connected({ send: unable, build: `build-${step % 7}` });
  if (step % 90 === 45) delivery.disconnected();
}

type Course = { readonly path: string; readonly count: number; readonly stepMs: number; readonly random: Random; readonly tally: Tally };

/** Returns how many events were given up. */
async function survive(kind: Outage, { path, count, stepMs, random, tally }: Course): Promise<number> {
  const clock = new FakeClock();
  const outbox = openOutbox(path);
  const deps = {
    outbox,
    barrierSeq: () => Number.POSITIVE_INFINITY,
    onSettled: () => {},
    clock,
    random: () => random.next(),
    log: () => {},
  };
  const delivery = new Delivery(deps);
  delivery.start();
  const appended = await outlast(kind, { clock, delivery, outbox, count, stepMs, random });
  const inbox = new Inbox();
  delivery.connected({ send: inbox.take, build: 'the last' });
  for (let waitedMs = 0; waitedMs < patienceMs && outbox.pendingCount > 0; waitedMs += stepMs) {
    clock.advance(stepMs);
    await turn();
  }
  tally.points += count;
  tally.acked += appended.length;
  const givenUp = outbox.poisonedCount;
  if (givenUp > 0) tally.problem(`${kind.name}: ${givenUp} events were given up`);
  tally.lost += appended.filter((seq) => !inbox.seqs.includes(seq)).length;
  tally.duplicates += inbox.keys.length - new Set(inbox.keys).size;
  if (inbox.seqs.some((seq, at) => at > 0 && seq <= (inbox.seqs[at - 1] ?? 0))) tally.problem(`${kind.name}: events arrived out of order`);
  delivery.stop();
  outbox.close();
  return givenUp;
}

type Scene = {
  readonly clock: FakeClock;
  readonly delivery: Delivery;
  readonly outbox: Outbox;
  readonly count: number;
  readonly stepMs: number;
  readonly random: Random;
};

/** Returns the numbers of the events that were acknowledged to the agent's side meanwhile. */
async function outlast(kind: Outage, { clock, delivery, outbox, count, stepMs, random }: Scene): Promise<number[]> {
  const appended: Promise<number>[] = [];
  for (let step = 0; step * stepMs < outageMs; step += 1) {
    kind.begin(delivery, step);
    const due = Math.min(count, Math.ceil((count * step * stepMs) / workMs));
    while (appended.length < due) appended.push(append(outbox, clock.now(), random));
    delivery.drain();
    clock.advance(stepMs);
    await turn();
  }
  delivery.disconnected();
  return Promise.all(appended);
}

function append(outbox: Outbox, at: number, random: Random): Promise<number> {
  return outbox.append({ at, sessionId, event: { type: 'notice', level: 'info', text: random.text(100) } });
}

/** A backend at last: it takes what comes. */
class Inbox {
  readonly seqs: number[] = [];
  readonly keys: string[] = [];

  readonly take = (batch: readonly SentEvent[]) => {
    for (const { seq, key } of batch) {
      this.seqs.push(seq);
      this.keys.push(key);
    }
    return Promise.resolve({ ackedSeq: batch.at(-1)?.seq ?? 0 });
  };
}
