/** An agent that worked long ago, what of that is in transcripts and what in archives. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Sessions, type Source } from '../../server/agents/sessions.ts';
import { newId } from '../../server/base/uuid.ts';
import { SessionMetrics } from '../../server/metrics/session-metrics.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import type { AgentId, ProjectId, SessionId } from '../../server/protocol/ids.ts';
import { archiveEnding, archiveLines } from '../../server/retention/archive-file.ts';
import { Archiving } from '../../server/retention/archiving.ts';
import { itemLine } from '../../server/retention/item-record.ts';
import { TranscriptSource } from '../../server/retention/transcript-source.ts';
import { hashOf, TestStores } from './test-stores.ts';
import { ids, text, toolStarted, turnEnded, turnStarted } from './transcripts.ts';

export const dayMs = 24 * 60 * 60_000;
const start = Date.UTC(2026, 0, 1);

export class OldTranscriptsWorld {
  readonly kept = new TestStores();
  readonly source: Source = { agentId: newId<AgentId>(), projectId: newId<ProjectId>() };
  readonly unsettled = new Set<string>();
  now = start;
  sessions = this.#openSessions();
  readonly id: SessionId;
  #seq = 0;
  #agentIds = new Map<SessionId, Source>();

  constructor() {
    this.id = this.newSession();
  }

  get db() {
    return this.kept.stores.sessions.db;
  }

  get dir(): string {
    return this.kept.paths.transcriptArchive;
  }

  /** Of an agent of its own. */
  newSession(): SessionId {
    const source = { ...this.source, agentId: newId<AgentId>() };
    const { id } = this.sessions.create(source.agentId, source.projectId);
    this.#agentIds.set(id, source);
    return id;
  }

  agentOf(id: SessionId): string {
    return this.#agentIds.get(id)?.agentId ?? '';
  }

  take(id: SessionId, ...events: AgentEvent[]): void {
    const batch = events.map((event) => ({ seq: ++this.#seq, at: this.now, sessionId: id, event }));
    this.sessions.takeIn(this.#agentIds.get(id) ?? this.source, batch, () => {});
  }

  /** A turn that says these words and runs a tool: three items. */
  work(words: string, id = this.id): void {
    const [turn, item, tool] = [ids.turn(), ids.item(), ids.item()];
    this.take(id, turnStarted(turn), text(item, 0, words), { type: 'blockEnded', itemId: item }, toolStarted(tool));
    this.take(id, { type: 'toolEnded', itemId: tool, status: 'ok', content: [] }, turnEnded(turn));
  }

  letPass(days: number): void {
    this.now += days * dayMs;
  }

  before(days = 90): number {
    return this.now - days * dayMs;
  }

  archiving(options: { readonly isEnding?: () => boolean; readonly removed?: (ids: readonly string[]) => void } = {}): Archiving {
    const { isEnding = () => false, removed = () => {} } = options;
    const course = { pause: async () => {}, now: () => this.now, isEnding };
    const { stores } = this.kept;
    const source = new TranscriptSource({
      ...{ files: stores, audit: stores.audit, removed, ...course },
      hasUnsettled: async (agentId) => this.unsettled.has(agentId),
    });
    return new Archiving({ source, dir: this.dir, ...course });
  }

  /** As the next backend does it. */
  reopen(how: 'inOrder' | 'afterKill'): void {
    if (how === 'inOrder') this.kept.reopen();
    else this.kept.reopenAfterKill();
    this.sessions = this.#openSessions();
  }

  /** Of each item in the database, by its id. */
  lines(): Map<string, string> {
    const rows = this.db.prepare<[], Record<string, unknown>>('select * from items order by session_id, ordinal').all();
    return new Map(rows.map((row) => [String(row.id), itemLine(row)]));
  }

  texts(id = this.id): string[] {
    return this.sessions.page(id, undefined, 1_000).items.flatMap((item) => (item.kind === 'text' ? item.text : []));
  }

  archiveNames(): string[] {
    return existsSync(this.dir) ? readdirSync(this.dir).filter((name) => name.endsWith(archiveEnding)) : [];
  }

  async archivedLines(): Promise<string[]> {
    const lines: string[] = [];
    for (const name of this.archiveNames()) for await (const line of archiveLines(join(this.dir, name))) lines.push(line);
    return lines;
  }

  async archivedIds(): Promise<string[]> {
    return (await this.archivedLines()).map((line) => String(JSON.parse(line).id));
  }

  measured() {
    return new SessionMetrics(this.db).history(this.source.projectId, 100);
  }

  remove(): void {
    this.kept.remove();
  }

  #openSessions(): Sessions {
    const metrics = new SessionMetrics(this.kept.stores.sessions.db);
    return new Sessions({
      file: this.kept.stores.sessions,
      now: () => this.now,
      hashOf,
      measure: (course) => metrics.measure(course),
    });
  }
}
