/** The sessions of one demo agent process: opened, gone on with, prompted and stopped. */
import { type AgentContext, methods, type PromptResponse, RequestError } from '@agentclientprotocol/sdk';
import { newId } from '../base/uuid.ts';
import { isMail } from './letters.ts';
import { readMail } from './read-mail.ts';
import { scenes } from './scenes.ts';
import { type DemoSession, loadSession, newSession, saveSession, withPrompt, withReply } from './session-file.ts';
import type { DemoSettings } from './settings.ts';
import type { Allowed, DemoTurn } from './turn.ts';
import { Stopped, Voice } from './voice.ts';
import { orderedWord } from './words.ts';

const contextWindowTokens = 200_000;

export class DemoSessions {
  readonly #settings: DemoSettings;
  readonly #sessions = new Map<string, DemoSession>();
  readonly #turns = new Map<string, AbortController>();

  constructor(settings: DemoSettings) {
    this.#settings = settings;
  }

  create(cwd: string): string {
    const session = newSession(newId(), cwd);
    this.#keep(session);
    return session.id;
  }

  /** Tells the client all that was said, as the protocol wants it before the answer. */
  async load(client: AgentContext, sessionId: string, cwd: string): Promise<void> {
    const session = this.#sessions.get(sessionId) ?? loadSession(this.#settings.stateDir, sessionId);
    if (session === undefined) throw RequestError.resourceNotFound(sessionId);
    this.#keep({ ...session, cwd });
    for (const { prompt, reply } of session.exchanges) {
      await sendChunk(client, sessionId, 'user_message_chunk', prompt);
      await sendChunk(client, sessionId, 'agent_message_chunk', reply);
    }
    await this.#tellUsage(client, session);
  }

  /** Mail may come beside what the person says, as a text of its own. */
  async prompt(client: AgentContext, sessionId: string, texts: readonly string[]): Promise<PromptResponse> {
    const prompt = texts.join('\n');
    const known = this.#sessions.get(sessionId);
    if (known === undefined) throw RequestError.resourceNotFound(sessionId);
    if (this.#turns.has(sessionId)) throw RequestError.invalidRequest(undefined, 'a turn is running in this session');
    const controller = new AbortController();
    this.#turns.set(sessionId, controller);
    this.#keep(withPrompt(known, prompt));
    const voice = new Voice(client, { sessionId, speed: this.#settings.speed, signal: controller.signal });
    voice.countTokens(prompt);
    try {
      return await this.#play(client, voice, { sessionId, texts, signal: controller.signal });
    } finally {
      this.#turns.delete(sessionId);
      this.#change(sessionId, (session) => withReply(session, voice.said, voice.tokens));
    }
  }

  cancel(sessionId: string): void {
    this.#turns.get(sessionId)?.abort();
  }

  async #play(
    client: AgentContext,
    voice: Voice,
    order: { sessionId: string; texts: readonly string[]; signal: AbortSignal },
  ): Promise<PromptResponse> {
    const { sessionId, texts, signal } = order;
    // What goes beside a prompt comes before it.
    const said = texts.at(-1) ?? '';
    const prompt = isMail(said) ? '' : said;
    const mail = isMail(said) ? said : texts.slice(0, -1).join('\n');
    const { door } = this.#settings;
    const session = this.#session(sessionId);
    const rememberAllowed = (what: Allowed) => this.#change(sessionId, (now) => ({ ...now, allowed: [...now.allowed, what] }));
    const turn: DemoTurn = { client, voice, prompt, session, signal, door, rememberAllowed };
    try {
      if (isMail(mail)) await readMail(turn, mail);
      if (!isMail(said)) await scenes[orderedWord(prompt)](turn);
      await this.#tellUsage(client, { ...session, usedTokens: session.usedTokens + voice.tokens });
      return { stopReason: 'end_turn' };
    } catch (error) {
      await voice.abandonTools();
      if (error instanceof Stopped || signal.aborted) return { stopReason: 'cancelled' };
      throw error;
    }
  }

  async #tellUsage(client: AgentContext, session: DemoSession): Promise<void> {
    const update = {
      sessionUpdate: 'usage_update',
      used: Math.min(session.usedTokens, contextWindowTokens),
      size: contextWindowTokens,
    } as const;
    await client.notify(methods.client.session.update, { sessionId: session.id, update });
  }

  #session(sessionId: string): DemoSession {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) throw RequestError.resourceNotFound(sessionId);
    return session;
  }

  #change(sessionId: string, change: (session: DemoSession) => DemoSession): void {
    this.#keep(change(this.#session(sessionId)));
  }

  #keep(session: DemoSession): void {
    this.#sessions.set(session.id, session);
    try {
      saveSession(this.#settings.stateDir, session);
    } catch (error) {
      // The conversation goes on; only going on with it after a restart is lost, and the log says so.
      process.stderr.write(`demo agent: the session cannot be kept in ${this.#settings.stateDir}: ${String(error)}\n`);
    }
  }
}

async function sendChunk(
  client: AgentContext,
  sessionId: string,
  kind: 'user_message_chunk' | 'agent_message_chunk',
  text: string,
): Promise<void> {
  if (text === '') return;
  await client.notify(methods.client.session.update, { sessionId, update: { sessionUpdate: kind, content: { type: 'text', text } } });
}
