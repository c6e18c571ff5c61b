/** How the demo agent speaks in one turn: text in pieces with pauses, and everything else as session updates. */

import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises';
import { type AgentContext, methods, type SessionUpdate } from '@agentclientprotocol/sdk';
import { delay } from '../base/delay.ts';
import { atSpeed, estimatedTokens, type Piece, piecesOf, stretched } from './pacing.ts';

/** Thrown at the next step after the person has stopped the turn. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

type VoiceOptions = {
  readonly sessionId: string;
  readonly speed: number;
  readonly signal: AbortSignal;
};

export class Voice {
  readonly #client: AgentContext;
  readonly #options: VoiceOptions;
  readonly #openTools = new Set<string>();
  #said = '';
  #tokens = 0;

  constructor(client: AgentContext, options: VoiceOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** All that was said so far, thoughts left out. */
  get said(): string {
    return this.#said;
  }

  /** What the turn has added to the context so far. */
  get tokens(): number {
    return this.#tokens;
  }

  async say(text: string): Promise<void> {
    await this.#stream('agent_message_chunk', piecesOf(text));
  }

  /** Takes about `totalMs` for it. */
  async sayOver(text: string, totalMs: number): Promise<void> {
    await this.#stream('agent_message_chunk', stretched(piecesOf(text), totalMs));
  }

  async think(text: string): Promise<void> {
    await this.#stream('agent_thought_chunk', piecesOf(text));
  }

  async update(update: SessionUpdate): Promise<void> {
    this.#stopIfAsked();
    this.#noteTool(update);
    await this.#client.notify(methods.client.session.update, { sessionId: this.#options.sessionId, update });
  }

  /** Tells that the tool calls still open came to nothing; also after the turn was stopped. */
  async abandonTools(): Promise<void> {
    for (const toolCallId of this.#openTools) {
      const update: SessionUpdate = { sessionUpdate: 'tool_call_update', toolCallId, status: 'failed' };
      await this.#client.notify(methods.client.session.update, { sessionId: this.#options.sessionId, update });
    }
    this.#openTools.clear();
  }

  /** What was read counts as if it had been said to us. */
  countTokens(text: string): void {
    this.#tokens += estimatedTokens(text);
  }

  async pause(ms: number): Promise<void> {
    const pauseMs = atSpeed(ms, this.#options.speed);
    // Even without pauses a cancel must get its turn between two pieces.
    if (pauseMs < 1) await nextTurnOfTheLoop();
    else await delay(pauseMs, this.#options.signal);
    this.#stopIfAsked();
  }

  async #stream(kind: 'agent_message_chunk' | 'agent_thought_chunk', pieces: readonly Piece[]): Promise<void> {
    for (const { text, pauseMs } of pieces) {
      await this.update({ sessionUpdate: kind, content: { type: 'text', text } });
      if (kind === 'agent_message_chunk') this.#said += text;
      this.countTokens(text);
      await this.pause(pauseMs);
    }
  }

  #noteTool(update: SessionUpdate): void {
    if (update.sessionUpdate === 'tool_call') this.#openTools.add(update.toolCallId);
    const isOver = update.sessionUpdate === 'tool_call_update' && (update.status === 'completed' || update.status === 'failed');
    if (isOver) this.#openTools.delete(update.toolCallId);
  }

  #stopIfAsked(): void {
    if (this.#options.signal.aborted) throw new Stopped('The person stopped the turn.');
  }
}
