/** Where the verbs act: a project, an agent that is paused so that prompts wait, and one whose sidecar is played. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '../../server/base/uuid.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import type { NumberedEvent } from '../../server/protocol/handshake.ts';
import type { AgentId, RunId, SessionId } from '../../server/protocol/ids.ts';

export type StageFacts = {
  /** New projects go below it. */
  readonly folder: string;
  readonly project: string;
  /** Counts the stages of one data directory. */
  readonly index: number;
  /** Its prompts wait. */
  readonly pausedAgent: AgentId;
  readonly pausedSessions: readonly [SessionId, SessionId];
  /** It has nothing to do, so that it can be configured, paused and resumed. */
  readonly restingAgent: AgentId;
  /** Its sidecar is played by whoever holds the token of its run. */
  readonly tellingAgent: AgentId;
  readonly tellingRun: RunId;
  readonly runToken: string;
  readonly session: SessionId;
  /** The number of the last event that was told before. */
  readonly lastSeq: number;
};

export class Stage {
  readonly facts: StageFacts;
  readonly #turns = new Map<string, number>();
  #untaken: NumberedEvent[] = [];
  #lastSeq: number;

  constructor(facts: StageFacts) {
    this.facts = facts;
    this.#lastSeq = facts.lastSeq;
  }

  /** A folder that is no project yet. */
  newFolder(name: string): string {
    const path = join(this.facts.folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** How often this was asked for before. */
  turn(name: string): number {
    const turn = this.#turns.get(name) ?? 0;
    this.#turns.set(name, turn + 1);
    return turn;
  }

  /** Puts events in the sidecar's queue, numbered as its outbox does it. */
  tell(...events: AgentEvent[]): void {
    for (const event of events) {
      this.#lastSeq += 1;
      this.#untaken.push({ seq: this.#lastSeq, key: newId<string>(), at: Date.now(), sessionId: this.facts.session, event });
    }
  }

  /** What the backend has not said that it has. */
  untaken(): readonly NumberedEvent[] {
    return this.#untaken;
  }

  taken(upToSeq: number): void {
    this.#untaken = this.#untaken.filter(({ seq }) => seq > upToSeq);
  }
}
