import { newId } from '../../../server/base/uuid.ts';
import type { AgentEvent } from '../../../server/protocol/agent-event.ts';
import type { ApprovalId, ItemId, TurnId } from '../../../server/protocol/ids.ts';
import { hashOf } from '../../support/test-stores.ts';
import { permissionAsked, permissionRequest, text, turnEnded, turnStarted } from '../../support/transcripts.ts';
import type { KeptData } from '../kept-data.ts';
import type { Entry } from '../ledger.ts';
import { absent, type Found, hash, type Verb } from '../verb.ts';

/** A small turn, told in one go. */
export const runAppend: Verb = {
  effect: 'adds',
  mayRepeat: true,
  attempt(stage, sender, random) {
    const [turnId, itemId] = [newId<TurnId>(), newId<ItemId>()];
    const said = random.text(random.between(1, 3_000));
    const events = [turnStarted(turnId), ...inParts(itemId, said, random.below(said.length)), turnEnded(turnId)];
    const audits = [`turn_started ${turnId}`, `turn_ended ${turnId}`];
    return {
      entry: { verb: 'run/append', sender: sender.name, n: sender.n, key: itemId, bodyHash: hash(said), audits },
      async perform(voice) {
        // Performed again, it is delivered again and not told again.
        stage.tell(...events.splice(0));
        await voice.append();
        return undefined;
      },
    };
  },
  find(data, entry) {
    const row = data.one(data.sessions, 'select ordinal, body from items where id = ?', entry.key);
    if (!row) return { ...absent, copies: Number(data.waiting(entry.key) > 0), bodyHash: entry.bodyHash };
    const item = JSON.parse(String(row.body));
    return {
      copies: 1,
      bodyHash: hash(item.text),
      place: Number(row.ordinal),
      ...(item.complete ? {} : { broken: 'its block was not ended' }),
    };
  },
  audited: { turn_started: ({ detail }) => String(detail.turnId), turn_ended: ({ detail }) => String(detail.turnId) },
};

/** The agent asks, a person answers. */
export const approvalAnswer: Verb = {
  effect: 'adds',
  mayRepeat: false,
  attempt(stage, sender, random) {
    const [turnId, approvalId] = [newId<TurnId>(), newId<ApprovalId>()];
    const decision = random.pick(['allowOnce', 'deny'] as const);
    const kept = decision === 'deny' ? 'denied' : 'allowedOnce';
    return {
      entry: {
        verb: 'approval/answer',
        sender: sender.name,
        n: sender.n,
        key: approvalId,
        bodyHash: hash(kept),
        audits: [`approval_answered ${approvalId}`],
      },
      async perform(voice) {
        stage.tell(turnStarted(turnId), permissionAsked(approvalId));
        await voice.append();
        await voice.call('approval/answer', { approval: approvalId, decision, hash: hashOf(permissionRequest) });
        stage.tell(turnEnded(turnId));
        await voice.append();
        return undefined;
      },
    };
  },
  find: findAnswer,
  audited: { approval_answered: ({ detail }) => String(detail.approvalId) },
};

function findAnswer(data: KeptData, { key }: Entry): Found {
  // One that nobody answered is withdrawn when its turn ends.
  const row = data.one(data.btmsg, `select state from approvals where id = ? and state not in ('open', 'withdrawn')`, key);
  return row ? { copies: 1, bodyHash: hash(String(row.state)) } : absent;
}

function inParts(itemId: ItemId, said: string, at: number): AgentEvent[] {
  return [text(itemId, 0, said.slice(0, at)), text(itemId, at, said.slice(at)), { type: 'blockEnded', itemId }];
}
