/** Sessions over real files with one of them open, for tests. */
import { Sessions, type Source } from '../../server/agents/sessions.ts';
import { newId } from '../../server/base/uuid.ts';
import { SessionMetrics } from '../../server/metrics/session-metrics.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import type { NumberedEvent } from '../../server/protocol/handshake.ts';
import type { AgentId, ProjectId, SessionId } from '../../server/protocol/ids.ts';
import type { SessionMetrics as Row } from '../../server/protocol/metrics.ts';
import type { Item } from '../../server/protocol/session.ts';
import { hashOf, TestStores } from './test-stores.ts';
import { Numbered } from './transcripts.ts';

export const source: Source = { agentId: newId<AgentId>(), projectId: newId<ProjectId>() };
export const nothing = () => {};

export class SessionsWorld {
  readonly kept = new TestStores();
  sessions: Sessions;
  readonly id: SessionId;
  readonly numbered: Numbered;
  #clock = 5_000;

  constructor() {
    this.sessions = this.#open();
    this.id = this.sessions.create(source.agentId, source.projectId).id;
    this.numbered = new Numbered(this.id);
  }

  /** As a backend does that took over: nothing in memory. */
  again(): Sessions {
    this.sessions = this.#open();
    return this.sessions;
  }

  take(...events: AgentEvent[]): NumberedEvent[] {
    const batch = this.numbered.of(...events);
    this.sessions.takeIn(source, batch, nothing);
    return batch;
  }

  items(of: SessionId = this.id): Item[] {
    return this.sessions.page(of, undefined, 1_000).items;
  }

  texts(): string[] {
    return this.items().flatMap((item) => (item.kind === 'text' ? item.text : []));
  }

  kinds(of: SessionId = this.id): string[] {
    return this.items(of).map(({ kind }) => kind);
  }

  /** What was kept of the sessions' work, the newest first. */
  measured(): Row[] {
    return new SessionMetrics(this.kept.stores.sessions.db).history(source.projectId, 100);
  }

  #open(): Sessions {
    const metrics = new SessionMetrics(this.kept.stores.sessions.db);
    return new Sessions({
      file: this.kept.stores.sessions,
      now: () => this.#clock++,
      hashOf,
      measure: (course) => metrics.measure(course),
    });
  }
}
