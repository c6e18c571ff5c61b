/** A transcript in memory with what a commit would have kept of it, for tests. */
import assert from 'node:assert/strict';
import { applyEvent } from '../../server/agents/apply-event.ts';
import { Transcript } from '../../server/agents/transcript.ts';
import { newId } from '../../server/base/uuid.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import type { AgentId, ItemId, ProjectId, SessionId } from '../../server/protocol/ids.ts';
import type { Item, SessionChange } from '../../server/protocol/session.ts';
import { ids } from './transcripts.ts';

type Kind<K extends Item['kind']> = Item & { kind: K };

export class TestTranscript {
  readonly transcript = freshTranscript();
  /** As watchers were told. */
  readonly changes: SessionChange[] = [];
  readonly #stored = new Map<ItemId, Item>();

  readonly apply = (...events: AgentEvent[]): void => {
    for (const event of events) this.applyAt(50, event);
  };

  applyAt(at: number, event: AgentEvent): void {
    applyEvent(this.transcript, event, { at, newItemId: ids.item, hashOf: (value) => JSON.stringify(value) });
  }

  commit(): void {
    for (const item of this.transcript.takeUnsaved()) this.#stored.set(item.id, item);
    this.changes.push(...this.transcript.takeChanges());
  }

  all(): Item[] {
    this.commit();
    return [...this.#stored.values()].sort((a, b) => a.ordinal - b.ordinal);
  }

  kinds(): string[] {
    return this.all().map(({ kind }) => kind);
  }

  only<K extends Item['kind']>(kind: K): Kind<K> {
    const found = this.all().filter((item): item is Kind<K> => item.kind === kind);
    assert.equal(found.length, 1, `one ${kind}`);
    assert.ok(found[0]);
    return found[0];
  }
}

export function freshTranscript(): Transcript {
  // Who it belongs to plays no part here.
  const owner = { agentId: 'agent' as AgentId, projectId: 'project' as ProjectId };
  const nothing = { title: '', providerSessionId: null, model: null, usage: null, runningTurnId: null, runningSince: null };
  const counts = { itemCount: 0, turnCount: 0, nextOrdinal: 0, createdAt: 0, lastActiveAt: 0 };
  return new Transcript({ id: newId<SessionId>(), ...owner, ...nothing, ...counts }, []);
}
