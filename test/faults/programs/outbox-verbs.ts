/** A sidecar's queue, used in one way and ended: `outbox-verbs <file> <verb>`. Prints what it has been promised, a line each. */
import { writeSync } from 'node:fs';
import { newId } from '../../../server/base/uuid.ts';
import type { SessionId } from '../../../server/protocol/ids.ts';
import type { Outbox } from '../../../server/sidecar/outbox.ts';
import { openOutbox } from '../../../server/sidecar/outbox-file.ts';

const sessionId = newId<SessionId>();
const terms = { build: 'a', now: 1, random: 0.5 };
const limit = { events: 3, bytes: 1_000_000 };

const uses: Readonly<Record<string, (outbox: Outbox) => Promise<void> | void>> = {
  async append(outbox) {
    await outbox.append(event('appended'));
    promise('appended');
  },
  async coalesce(outbox) {
    await outbox.append({ ...event('newer'), mode: 'coalesce', dedupeKey: 'same' });
    promise('newer');
  },
  settle(outbox) {
    const { events } = outbox.lend(limit);
    outbox.settle({ ackedSeq: events.at(-1)?.seq ?? 0 }, terms);
    outbox.flushNow();
  },
  'set-aside'(outbox) {
    const { events } = outbox.lend(limit);
    const refused = events.map(({ seq }) => ({ seq, reason: 'unsupported' as const, detail: 'unknown' }));
    outbox.settle({ ackedSeq: 0, refused }, terms);
  },
  refuse(outbox) {
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const [first] = outbox.lend(limit).events;
      if (first) outbox.settle({ ackedSeq: 0, refused: [{ seq: first.seq, reason: 'rejected', detail: 'no' }] }, terms);
    }
  },
  requeue(outbox) {
    outbox.requeue();
  },
};

const [path = '', verb = ''] = process.argv.slice(2);
const outbox = openOutbox(path);
await uses[verb]?.(outbox);
outbox.close();

function event(text: string) {
  return { at: 1, sessionId, event: { type: 'notice' as const, level: 'info' as const, text } };
}

/** On the pipe before anything else is done. */
function promise(text: string): void {
  writeSync(1, `${text}\n`);
}
