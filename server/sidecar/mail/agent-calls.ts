/**
 * What the agent asks for itself: passed on to the backend in the agent's own name. A message that it writes while no
 * backend is there is put into the outbox and acknowledged as such; everything else waits for one.
 */
import * as z from 'zod/mini';
import { newId } from '../../base/uuid.ts';
import type { AgentEvent } from '../../protocol/agent-event.ts';
import { AgorError, limits } from '../../protocol/errors.ts';
import { MessageId } from '../../protocol/ids.ts';

type Queued = Extract<AgentEvent, { type: 'messageQueued' }>;

type AgentCallsDeps = {
  /** Rejects with the backend's refusal, or with `unavailable`. */
  readonly ask: (method: string, params: unknown) => Promise<unknown>;
  /** Puts it on disk before it returns; throws `unavailable` where nothing can be kept. */
  readonly keep: (event: Queued) => void;
  /** Resolves with whether the backend has taken all that was kept, soon or at once. */
  readonly isTaken: () => Promise<boolean>;
  /** A call came through. */
  readonly onAnswered: (method: string, params: Record<string, unknown>) => void;
};

const Params = z.record(z.string(), z.unknown());
const written: ReadonlySet<string> = new Set<Queued['method']>(['message/send', 'message/reply']);

export class AgentCalls {
  readonly #deps: AgentCallsDeps;

  constructor(deps: AgentCallsDeps) {
    this.#deps = deps;
  }

  /** `queued`: nobody has looked at it; a wrong recipient comes back as a message. */
  async call(method: string, given: unknown): Promise<unknown> {
    const params = Params.safeParse(given ?? {});
    if (!params.success) throw new AgorError('badRequest', 'The parameters must be a JSON object.');
    if (!isWritten(method)) return this.#pass(method, params.data);
    // Made here, so that a message whose answer is lost is the same message when it goes again.
    const messageId = MessageId.safeParse(params.data.messageId).data ?? newId<MessageId>();
    const queued: Queued = { type: 'messageQueued', messageId, method, params: params.data };
    // One that was written before it and still waits in the outbox goes first.
    if (!(await this.#deps.isTaken())) return this.#queue(queued);
    try {
      return await this.#pass(method, { ...params.data, messageId });
    } catch (error) {
      if (!(error instanceof AgorError) || error.code !== 'unavailable') throw error;
      return this.#queue(queued);
    }
  }

  async #pass(method: string, params: Record<string, unknown>): Promise<unknown> {
    const result = await this.#deps.ask(method, params);
    this.#deps.onAnswered(method, params);
    return result;
  }

  #queue(event: Queued): unknown {
    const { attachments, text } = Params.parse(event.params);
    if (Array.isArray(attachments) && attachments.length > 0)
      throw new AgorError('unavailable', 'The backend is away, and files wait for it: send the message without them, or again later.');
    if (typeof text !== 'string' || text.trim() === '')
      throw new AgorError('badRequest', 'The message is empty. Write what it should say.');
    if (Buffer.byteLength(text) > limits.messageBytes)
      throw new AgorError('tooLarge', `A message holds at most ${limits.messageBytes / 1024} KiB. Put the text into a file and name it.`);
    this.#deps.keep(event);
    return { queued: true, verified: false, messageId: event.messageId };
  }
}

function isWritten(method: string): method is Queued['method'] {
  return written.has(method);
}
