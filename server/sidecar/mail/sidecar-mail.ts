/** The agent's mail in this sidecar, put together: what is known of it, who decides about it, and what the agent asks. */
import type { Clock } from '../../base/clock.ts';
import { within } from '../../base/within.ts';
import type { AgentEvent } from '../../protocol/agent-event.ts';
import { AgorError } from '../../protocol/errors.ts';
import { MessageId, type SessionId } from '../../protocol/ids.ts';
import type { CarriedMessage } from '../../protocol/message.ts';
import { MailSnapshot } from '../../protocol/message.ts';
import type { RunRecord } from '../../protocol/run-record.ts';
import type { StopBlock } from '../adapter.ts';
import type { BackendLink } from '../backend-link.ts';
import type { OpenSession } from '../open-session.ts';
import type { RunnerMail } from '../session-runner.ts';
import { AgentCalls } from './agent-calls.ts';
import { AttachmentFiles } from './attachment-files.ts';
import { MailRoom } from './mail-room.ts';
import { ReplyObligations } from './reply-obligations.ts';

type SidecarMailDeps = {
  readonly record: Pick<RunRecord, 'agentDir'>;
  readonly clock: Clock;
  readonly backend: Pick<BackendLink, 'request'>;
  readonly session: () => Pick<OpenSession, 'sessionId' | 'emit' | 'remembers'> | undefined;
  /** Puts everything emitted so far on disk; throws `storage` when the disk does not take it. */
  readonly keepNow: () => void;
  /** Up to which event everything is kept, and a promise of when the backend has taken that much. */
  readonly outbox: { readonly lastSeq: () => number; readonly taken: (seq: number) => Promise<void> };
  readonly log: (message: string, fields?: Record<string, unknown>) => void;
};

/** A program is not started before what its agent owes is known, but it is not kept from starting either. */
const primeMs = 1_000;
/** A backend that is there takes what was kept for it within this time; an agent waits no longer for it. */
const takenSoonMs = 1_000;

export class SidecarMail {
  readonly room: MailRoom;
  readonly #deps: SidecarMailDeps;
  readonly #obligations: ReplyObligations;
  readonly #files: AttachmentFiles;
  readonly #calls: AgentCalls;
  /** The last message that the agent wrote while no backend was there; an earlier sidecar may have left some as well. */
  #queuedSeq: number;

  constructor(deps: SidecarMailDeps) {
    const { record, clock, log } = deps;
    this.#deps = deps;
    this.#queuedSeq = deps.outbox.lastSeq();
    this.#files = new AttachmentFiles({ agentDir: record.agentDir, fetch: (id) => this.#attachment(id), log });
    this.#obligations = new ReplyObligations({ fetch: () => this.#fetch(), clock, log });
    this.room = new MailRoom({
      known: () => this.#obligations.get(),
      emit: (sessionId, event) => this.#keep(sessionId, event),
      hasFiles: (message) => this.#files.has(message),
      remembers: async (text) => (await deps.session()?.remembers(text)) ?? null,
      log,
    });
    this.#calls = new AgentCalls({
      ask: async (method, params) => (await deps.backend.request('run/call', { method, params })).result,
      keep: (event) => this.#keepQueued(event),
      isTaken: () => within(deps.outbox.taken(this.#queuedSeq), takenSoonMs),
      onAnswered: (method, params) => this.#answered(method, params),
    });
  }

  start(): void {
    this.#obligations.start();
  }

  stop(): void {
    this.#obligations.stop();
  }

  /** Something came, or was settled. */
  changed(): void {
    this.#obligations.markDirty();
  }

  /** Resolves when it is known what the agent owes, or when waiting for it is over. */
  async primed(): Promise<void> {
    if (this.#obligations.refreshedAt === null) await within(this.#obligations.refresh(), primeMs);
  }

  /** Puts down the files of messages that a prompt carries, before it is given. */
  bring(mail: readonly CarriedMessage[]): Promise<void> {
    return this.#files.put(mail);
  }

  /** The agent wants to end its turn. */
  stopping(input: { readonly isRepeat: boolean }): StopBlock | null {
    const session = this.#deps.session();
    return session ? this.room.stop(session.sessionId, input) : null;
  }

  blockTaken(): void {
    const session = this.#deps.session();
    if (session) this.room.blockTaken(session.sessionId);
  }

  /** What the agent asks for itself. */
  call(method: string, params: unknown): Promise<unknown> {
    return this.#calls.call(method, params);
  }

  /** For whoever asks over the control socket. */
  report() {
    const { unread, owed, isKnown, ageMs } = this.#obligations.get();
    const asOf = ageMs === null ? null : this.#deps.clock.now() - ageMs;
    return { owed, unread: unread.map(({ id }) => id), asOf, ageMs, known: isKnown };
  }

  async #fetch(): Promise<unknown> {
    const answer = await this.#deps.backend.request('run/mail', {});
    await this.#files.put(MailSnapshot.parse(answer).unread);
    return answer;
  }

  async #attachment(attachmentId: CarriedMessage['attachments'][number]['id']): Promise<Buffer> {
    const { base64 } = await this.#deps.backend.request('run/attachment', { attachmentId });
    return Buffer.from(base64, 'base64');
  }

  #answered(method: string, params: Record<string, unknown>): void {
    if (method === 'message/reply' || method === 'message/read') this.changed();
    const session = this.#deps.session();
    if (!session || typeof params.message !== 'string') return;
    const read = method === 'message/read' ? MessageId.safeParse(params.message).data : undefined;
    if (read) this.room.read(session.sessionId, read);
    if (method === 'message/reply') this.room.answered(session.sessionId, params.message);
  }

  #keep(sessionId: SessionId, event: AgentEvent): void {
    const session = this.#deps.session();
    if (session?.sessionId !== sessionId) return;
    session.emit(event);
    try {
      this.#deps.keepNow();
    } catch (error) {
      // The outbox holds it in memory and goes on trying.
      this.#deps.log('what became of a message is not on disk yet', { why: String(error) });
    }
  }

  #keepQueued(event: AgentEvent): void {
    const session = this.#deps.session();
    if (!session)
      throw new AgorError('unavailable', 'The backend is away, and no session is open to keep the message in. Try again later.');
    session.emit(event);
    try {
      this.#deps.keepNow();
    } catch (cause) {
      const told =
        'The disk does not take the message yet. It goes out once there is room, if the agent still runs: do not send it again before you have looked.';
      throw new AgorError('storage', told, { cause });
    }
    this.#queuedSeq = this.#deps.outbox.lastSeq();
  }
}

/** What a runner needs of it. */
export function runnerMail(room: MailRoom): RunnerMail {
  return { take: room.take.bind(room), putBack: room.putBack.bind(room), besides: room.besides.bind(room) };
}
