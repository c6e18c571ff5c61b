/**
 * Waits for the turn that runs one prompt and shows it as it comes. A backend that goes away is started again and the
 * view taken up where it was; Ctrl+C interrupts the turn first and leaves second.
 */
import { delay } from '../base/delay.ts';
import type { Agent, AgentState } from '../protocol/agent.ts';
import { AgorError } from '../protocol/errors.ts';
import type { AgentId, PromptId, SessionId, TurnId } from '../protocol/ids.ts';
import type { Item } from '../protocol/session.ts';
import type { Connection } from './connection.ts';
import { credentialsFor } from './credentials.ts';
import { exitCode, UnreachableError } from './exit-codes.ts';
import type { Invocation } from './invocation.ts';
import { oneLine } from './printable.ts';
import { PromptScreen } from './prompt-screen.ts';
import { type PromptPart, PromptStream } from './prompt-stream.ts';
import { QuestionDesk } from './question-desk.ts';

export type SentPrompt = {
  readonly promptId: PromptId;
  readonly sessionId: SessionId;
  readonly agentId: AgentId;
  readonly queued: boolean;
};
type Ended = Extract<PromptPart, { type: 'ended' }>;
export type FollowedPrompt = { readonly ended: Ended; readonly turnId: TurnId | undefined; readonly items: readonly Item[] };

const retryDelaysMs = [1_000, 2_000, 4_000];
const pageSize = 1000;
/** A turn runs in these states. */
const turnStates: readonly AgentState[] = ['running', 'waitingForApproval'];

export class PromptFollower {
  readonly #invocation: Invocation;
  readonly #prompt: SentPrompt;
  readonly #stream: PromptStream;
  readonly #screen: PromptScreen;
  readonly #desk: QuestionDesk;
  readonly #said = new Set<string>();
  readonly #ended = Promise.withResolvers<Ended>();
  #backend: Promise<Connection>;
  #wasInterrupted = false;
  #triedKey = false;
  /** The agent works on another prompt than ours. */
  #hasOtherTurn: boolean;

  constructor(invocation: Invocation, prompt: SentPrompt) {
    this.#invocation = invocation;
    this.#prompt = prompt;
    this.#hasOtherTurn = prompt.queued;
    this.#backend = invocation.backend();
    this.#stream = new PromptStream(prompt.promptId);
    this.#screen = new PromptScreen({ showsAnswer: !invocation.json });
    const interactive = process.stdin.isTTY && process.stderr.isTTY && !invocation.env.AGOR_RUN_TOKEN;
    this.#desk = new QuestionDesk({ screen: this.#screen, backend: () => this.#backend }, { interactive });
  }

  async follow(): Promise<FollowedPrompt> {
    const onInterrupt = () => void this.#interrupt();
    process.on('SIGINT', onInterrupt);
    try {
      const ended = await this.#untilEnded();
      return { ended, turnId: this.#stream.turnId, items: this.#stream.turnItems() };
    } finally {
      process.off('SIGINT', onInterrupt);
      this.#desk.close();
    }
  }

  async #untilEnded(): Promise<Ended> {
    for (;;) {
      const backend = await this.#backend;
      const ended = await Promise.race([this.#ended.promise, this.#watch(backend).catch(lostOrThrow)]);
      if (ended) return ended;
      this.#screen.warn('The backend went away; starting it again and going on.');
      this.#backend = this.#reconnect();
    }
  }

  async #reconnect(): Promise<Connection> {
    for (const delayMs of retryDelaysMs) {
      try {
        return await this.#invocation.reconnect();
      } catch (error) {
        if (!(error instanceof UnreachableError)) throw error;
        this.#screen.warn(error.message);
        await delay(delayMs);
      }
    }
    return this.#invocation.reconnect();
  }

  /** Resolves when the connection was lost; rejects with what the backend refuses. */
  async #watch(backend: Connection): Promise<undefined> {
    const { sessionId, agentId } = this.#prompt;
    backend.on('session/changed', (params) => {
      if (params.sessionId === sessionId) this.#show(this.#stream.changed(params), backend);
    });
    backend.on('agent/changed', ({ agent }) => {
      if (agent.id === agentId) this.#lookAt(agent, backend);
    });
    await this.#takeSnapshot(backend);
    const { agents } = await backend.call('agent/list', {});
    const agent = agents.find(({ id }) => id === agentId);
    if (agent) this.#lookAt(agent, backend);
    await backend.closed;
    return undefined;
  }

  /** The snapshot, and before it as many pages as it takes to reach the prompt. */
  async #takeSnapshot(backend: Connection): Promise<void> {
    const session = this.#prompt.sessionId;
    const snapshot = await backend.call('session/watch', { session, limit: pageSize });
    const items = [...snapshot.items];
    let { hasEarlier } = snapshot;
    while (hasEarlier && !items.some((item) => item.kind === 'prompt' && item.promptId === this.#prompt.promptId)) {
      const page = await backend.call('session/items', { session, limit: pageSize, beforeOrdinal: items[0]?.ordinal ?? 0 });
      items.unshift(...page.items);
      hasEarlier = page.hasEarlier && page.items.length > 0;
    }
    this.#show(this.#stream.snapshot({ ...snapshot, items }), backend);
  }

  #show(parts: readonly PromptPart[], backend: Connection): void {
    for (const part of parts) {
      if (part.type === 'answer') this.#screen.answer(part.text);
      else if (part.type === 'note') this.#screen.note(part.text);
      else if (part.type === 'asked') this.#desk.asked(part.question);
      else if (part.type === 'answered') this.#desk.answered(part.question);
      else if (part.type === 'ended') this.#ended.resolve(part);
      else this.#inBackground(this.#takeSnapshot(backend));
    }
  }

  /** Says what the prompt waits for, each thing once, and hands over the key if it is at hand. */
  #lookAt(agent: Agent, backend: Connection): void {
    this.#hasOtherTurn = turnStates.includes(agent.state);
    if (this.#stream.started) return;
    if (agent.state === 'waitingForCredentials') return this.#needKey(agent, backend);
    const text = waitText(agent, this.#prompt.queued && this.#hasOtherTurn);
    if (text === undefined || this.#said.has(text)) return;
    this.#said.add(text);
    this.#screen.warn(text);
  }

  /** Without the key there is nothing to wait for: only a person can bring it. */
  #needKey(agent: Agent, backend: Connection): void {
    const { secrets } = credentialsFor(agent.provider, { env: this.#invocation.env, names: [] });
    const name = oneLine(agent.name);
    if (Object.keys(secrets).length === 0) {
      const message = `${name} needs its key, and the prompt waits for it. Set the key in your environment and run: agor agent start ${name}`;
      return this.#ended.reject(new AgorError('needsCredentials', message));
    }
    if (!this.#triedKey) this.#inBackground(backend.call('agent/start', { agent: agent.id, secrets }));
    this.#triedKey = true;
  }

  /** A turn that runs another prompt may be somebody else's: it is left alone. */
  async #interrupt(): Promise<void> {
    if (this.#wasInterrupted) process.exit(exitCode.leftByPerson);
    this.#wasInterrupted = true;
    if (!this.#stream.started && this.#hasOtherTurn) {
      return this.#screen.warn('The prompt keeps its place and will run. Ctrl+C again stops waiting for it.');
    }
    this.#screen.warn('Interrupting. Ctrl+C again leaves at once.');
    this.#inBackground(this.#backend.then((backend) => backend.call('agent/interrupt', { agent: this.#prompt.agentId })));
  }

  #inBackground(work: Promise<unknown>): void {
    // A lost connection is seen where it is watched; everything else ends the wait.
    work.catch(lostOrThrow).catch((error: unknown) => this.#ended.reject(error));
  }
}

function lostOrThrow(error: unknown): undefined {
  if (error instanceof UnreachableError) return undefined;
  throw error;
}

/** Why the prompt does not run yet, and what helps; undefined where it just takes a moment. */
function waitText(agent: Agent, hasOtherTurn: boolean): string | undefined {
  const name = oneLine(agent.name);
  if (agent.paused) return `${name} is paused; the prompt waits. Go on with: agor agent resume ${name}`;
  if (hasOtherTurn) return `${name} works on another prompt; this one waits for its turn.`;
  return undefined;
}
