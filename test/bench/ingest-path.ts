/**
 * The product's way from an agent's lines to its transcript: the adapter with a real program below it, the search for
 * secrets, the journal, the outbox on the disk, and the intake with the databases of record.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Approvals } from '../../server/agents/approvals.ts';
import { EventIntake } from '../../server/agents/event-intake.ts';
import { PromptQueue } from '../../server/agents/prompt-queue.ts';
import { Sessions } from '../../server/agents/sessions.ts';
import { systemClock } from '../../server/base/clock.ts';
import { newId } from '../../server/base/uuid.ts';
import { SecretFilter } from '../../server/leaks/secret-filter.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import type { AgentId, ProjectId, PromptId, SessionId } from '../../server/protocol/ids.ts';
import { noHooks } from '../../server/sidecar/adapter.ts';
import { AcpAdapter, defaultAcpOptions } from '../../server/sidecar/adapters/acp/acp-adapter.ts';
import { Delivery } from '../../server/sidecar/delivery.ts';
import { FilteredEvents } from '../../server/sidecar/filtered-events.ts';
import { Journal } from '../../server/sidecar/journal.ts';
import { MergedText } from '../../server/sidecar/merged-text.ts';
import type { Outbox } from '../../server/sidecar/outbox.ts';
import { openOutbox } from '../../server/sidecar/outbox-file.ts';
import { startProgram } from '../../server/sidecar/program.ts';
import type { SentEvent } from '../../server/sidecar/sent-events.ts';
import { questionsOf } from '../support/asked.ts';
import { noMail } from '../support/no-mail.ts';
import { hashOf, TestStores } from '../support/test-stores.ts';

/** How one agent's sidecar reaches the backend. */
export type Door = {
  readonly sessionId: SessionId;
  readonly take: (events: readonly SentEvent[]) => Promise<{ readonly ackedSeq: number }>;
  readonly stream: (event: AgentEvent) => void;
};

/** The backend's part. */
export class Ingest {
  readonly kept = new TestStores();
  readonly sessions: Sessions;
  readonly #intake: EventIntake;
  /** What whoever watches was sent. */
  toldBytes = 0;

  constructor() {
    const { btmsg: file, sessions: sessionsFile, audit } = this.kept.stores;
    const approvals = new Approvals({ file, audit, now: Date.now, hashOf });
    this.sessions = new Sessions({ file: sessionsFile, now: Date.now, hashOf, measure: () => {} });
    this.#intake = new EventIntake({
      ...{ file, audit, approvals, sessions: this.sessions, questions: questionsOf(approvals), prompts: new PromptQueue(sessionsFile.db) },
      ...{ mail: noMail, turnEnded: () => {}, asked: () => {}, now: Date.now, log: () => {} },
    });
  }

  /** As it comes over the socket, and with somebody who watches. */
  open(): Door {
    const agentId = newId<AgentId>();
    const source = { agentId, projectId: newId<ProjectId>() };
    const sessionId = this.sessions.create(agentId, source.projectId).id;
    this.sessions.watch(
      sessionId,
      (change) => {
        this.toldBytes += JSON.stringify(change).length;
      },
      1,
    );
    const take = async (events: readonly SentEvent[]) => {
      this.#intake.takeIn(source, JSON.parse(JSON.stringify(events)));
      return { ackedSeq: this.sessions.ackedSeq(agentId) };
    };
    return { sessionId, take, stream: (event) => this.sessions.stream(sessionId, JSON.parse(JSON.stringify(event))) };
  }

  close(): void {
    this.kept.remove();
  }
}

/** The sidecar's part: one agent. */
export class IngestedAgent {
  readonly sessionId: SessionId;
  readonly #dir = mkdtempSync(join(tmpdir(), 'agor-bench-agent-'));
  readonly #outbox: Outbox;
  readonly #delivery: Delivery;
  readonly #adapter: AcpAdapter;
  #turnOver: (() => void) | undefined;
  #isOver = false;

  constructor(door: Door, command: readonly string[], environment: Record<string, string>) {
    this.sessionId = door.sessionId;
    this.#outbox = openOutbox(join(this.#dir, 'outbox.db'), { onFlushed: () => this.#delivery.drain() });
    this.#delivery = new Delivery({
      ...{ outbox: this.#outbox, barrierSeq: () => Number.POSITIVE_INFINITY, clock: systemClock, random: Math.random, log: () => {} },
      onSettled: () => this.#settled(journal),
    });
    const stream = (_: SessionId, event: AgentEvent) => door.stream(event);
    const journal = new Journal({ outbox: this.#outbox, clock: systemClock, stream, sentSeq: () => this.#delivery.sentSeq, log: fail });
    const filtered = new FilteredEvents(secretFilter(), (event) => this.#record(journal, event));
    const merged = new MergedText((event) => filtered.emit(event));
    this.#adapter = new AcpAdapter(
      this.#context(command, environment, (event) => merged.emit(event)),
      defaultAcpOptions,
    );
    this.#delivery.connected({ send: door.take, build: 'bench' });
  }

  async start(): Promise<void> {
    await this.#adapter.open({ providerSessionId: null, model: null, usage: null });
  }

  /** Resolves when the backend has the end of the turn on its disk. */
  async turn(): Promise<void> {
    this.#isOver = false;
    const over = new Promise<void>((resolve) => {
      this.#turnOver = resolve;
    });
    await this.#adapter.prompt({ promptId: newId<PromptId>(), text: 'Say it.' });
    await over;
  }

  async close(): Promise<void> {
    await this.#adapter.stop();
    this.#delivery.stop();
    this.#outbox.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #record(journal: Journal, event: AgentEvent): void {
    journal.record(this.sessionId, event);
    if (event.type === 'turnEnded') this.#isOver = true;
  }

  #settled(journal: Journal): void {
    journal.acked(this.#outbox.ackedSeq);
    if (this.#isOver && this.#outbox.pendingCount === 0) this.#turnOver?.();
  }

  #context(command: readonly string[], environment: Record<string, string>, emit: (event: AgentEvent) => void) {
    const projectDir = join(this.#dir, 'project');
    mkdirSync(projectDir);
    return {
      projectDir,
      agentDir: this.#dir,
      command,
      environment,
      startProgram,
      emit,
      onExit: () => {},
      log: () => {},
      tools: null,
      hooks: noHooks,
    };
  }
}

/** Every agent has one secret at least: the token of its run. */
function secretFilter(): SecretFilter {
  const filter = new SecretFilter();
  filter.learn([{ name: 'AGOR_RUN_TOKEN', value: '5c0b2bd5b0f24f6aa4b9f1a54f1f7a68c0a1', isOurs: true }]);
  return filter;
}

function fail(message: string): void {
  throw new Error(message);
}
