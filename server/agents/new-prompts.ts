/** How a prompt gets into an agent's queue, whoever it is from: on disk before anyone hears of it, and in its session. */
import { newId } from '../base/uuid.ts';
import type { AgentId, PromptId, SessionId } from '../protocol/ids.ts';
import type { PromptOrigin, Session } from '../protocol/session.ts';
import type { AgentRegistry } from './agent-registry.ts';
import type { AgentRecord } from './agent-store.ts';
import type { MailSource } from './mail-source.ts';
import type { PromptQueue, QueuedPrompt } from './prompt-queue.ts';
import type { Sessions } from './sessions.ts';

export type NewPromptsDeps = {
  readonly registry: AgentRegistry;
  readonly sessions: Sessions;
  readonly prompts: PromptQueue;
  readonly mail: MailSource;
  readonly now: () => number;
};

export type NewPrompt = { readonly id: PromptId; readonly text: string; readonly origin: PromptOrigin };

export class NewPrompts {
  readonly #deps: NewPromptsDeps;

  constructor(deps: NewPromptsDeps) {
    this.#deps = deps;
  }

  /** Where the agent goes on; a new one when it has none. */
  currentSession({ id }: Pick<AgentRecord, 'id'>): SessionId {
    const { sessionId } = this.#deps.registry.get(id);
    return sessionId && this.#deps.sessions.has(sessionId) ? sessionId : this.newSession(id).id;
  }

  newSession(id: AgentId): Session {
    const session = this.#deps.sessions.create(id, this.#deps.registry.get(id).projectId);
    this.#deps.registry.setSession(id, session.id);
    return session;
  }

  add(agentId: AgentId, sessionId: SessionId, prompt: NewPrompt): void {
    const { sessions, prompts, now } = this.#deps;
    const { id, text } = prompt;
    const createdAt = now();
    sessions.addPrompt(sessionId, prompt, (itemId) => prompts.add({ id, agentId, sessionId, itemId, text, createdAt }));
  }

  /**
   * Makes the mail that is due the agent's next prompt. The mail is claimed first: should this end in between, nobody
   * knows the prompt, and its mail waits again.
   */
  addMail(agentId: AgentId): void {
    const { mail, registry } = this.#deps;
    const batch = mail.next(agentId);
    if (!batch) return;
    const id = newId<PromptId>();
    mail.claim(agentId, batch.messageIds, id);
    try {
      this.add(agentId, this.currentSession(registry.get(agentId)), { id, text: batch.text, origin: 'mail' });
    } catch (error) {
      mail.unclaim(id);
      throw error;
    }
  }

  /** It is not given; mail that it carries waits again. */
  drop({ sessionId, id }: Pick<QueuedPrompt, 'sessionId' | 'id'>): void {
    const { prompts, sessions, mail } = this.#deps;
    sessions.dropPrompt(sessionId, id, () => prompts.markDropped(id));
    mail.unclaim(id);
  }
}
