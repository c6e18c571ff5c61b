/**
 * A terminal that stays with an agent: it prints what its session brings, and takes what the person types. Leaving it
 * stops nothing. A backend that goes away is started again, and the view is taken up where it was.
 */
import { createInterface, type Interface } from 'node:readline';
import { newId } from '../base/uuid.ts';
import type { Agent, AgentState } from '../protocol/agent.ts';
import { AgorError } from '../protocol/errors.ts';
import type { PromptId, SessionId } from '../protocol/ids.ts';
import { type Typed, typedLine } from './attached-line.ts';
import type { Connection } from './connection.ts';
import { UnreachableError } from './exit-codes.ts';
import type { Invocation } from './invocation.ts';
import { oneLine, printable } from './printable.ts';
import { SessionLines } from './session-lines.ts';
import { type Style, styleFor } from './style.ts';

const troubles: ReadonlySet<AgentState> = new Set(['waitingForCredentials', 'waitingForTurn', 'restarting', 'failed']);
const help = 'Type a prompt. /allow, /session or /deny [why] answers what is asked, /stop ends the turn, /leave (or Ctrl+D) leaves.';

export class AttachedSession {
  readonly #invocation: Invocation;
  readonly #agent: Agent;
  readonly #style: Style = styleFor(process.stdout);
  readonly #screen: Interface;
  readonly #isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  readonly #left = Promise.withResolvers<void>();
  #backend: Promise<Connection>;
  #sessionId: SessionId | null = null;
  #toldTrouble = '';
  #lines = new SessionLines(this.#style);
  /** What was typed is done one after the other, also when a pipe brings it all at once. */
  #typing: Promise<void> = Promise.resolve();

  constructor(invocation: Invocation, agent: Agent) {
    this.#invocation = invocation;
    this.#agent = agent;
    this.#backend = invocation.backend();
    this.#screen = createInterface({ input: process.stdin, output: process.stdout, terminal: this.#isTerminal });
    this.#screen.setPrompt(this.#style('cyan', `${oneLine(agent.name, 40)}> `));
  }

  /** Resolves when the person has left. */
  async stay(items: number): Promise<void> {
    this.#screen.on('line', (line) => {
      this.#typing = this.#typing.then(() => this.#do(typedLine(line)));
    });
    this.#screen.on('SIGINT', () => this.#print([this.#style('dim', 'Nothing was stopped: /stop ends the turn, Ctrl+D leaves.')]));
    this.#screen.on('close', () => void this.#typing.then(() => this.#left.resolve()));
    if (this.#isTerminal) this.#print([this.#style('dim', help)]);
    try {
      await this.#untilLeft(items);
    } finally {
      this.#screen.close();
    }
  }

  async #untilLeft(items: number): Promise<void> {
    for (;;) {
      const backend = await this.#backend;
      const isOver = await Promise.race([this.#left.promise.then(() => true), this.#watch(backend, items).then(() => false)]);
      if (isOver) return;
      this.#print([this.#style('yellow', 'The backend went away; starting it again and going on.')]);
      this.#backend = this.#invocation.reconnect();
    }
  }

  /** Resolves when the connection was lost. */
  async #watch(backend: Connection, items: number): Promise<void> {
    backend.on('session/changed', (params) => {
      if (params.sessionId !== this.#sessionId) return;
      const lines = this.#lines.changed(params);
      if (lines) this.#print(lines);
      else this.#show(backend, params.sessionId, items);
    });
    backend.on('agent/changed', ({ agent }) => {
      if (agent.id !== this.#agent.id) return;
      this.#tellTrouble(agent);
      this.#follow(backend, agent.sessionId, items);
    });
    const { agents } = await backend.call('agent/list', {});
    const now = agents.find(({ id }) => id === this.#agent.id);
    if (!now) throw new AgorError('notFound', `${oneLine(this.#agent.name)} was removed.`);
    this.#sessionId = null;
    this.#tellTrouble(now);
    this.#follow(backend, now.sessionId, items);
    await backend.closed;
  }

  /** Why a prompt would not run now; each thing once. */
  #tellTrouble({ state, stateDetail, paused }: Agent): void {
    const said = paused ? 'It is paused: what is typed waits.' : troubles.has(state) ? stateDetail : '';
    if (said === this.#toldTrouble) return;
    this.#toldTrouble = said;
    if (said !== '') this.#print([this.#style('yellow', `-- ${oneLine(said, 200)}`)]);
  }

  #follow(backend: Connection, sessionId: SessionId | null, items: number): void {
    if (sessionId === null || sessionId === this.#sessionId) return;
    const isAnother = this.#sessionId !== null;
    this.#sessionId = sessionId;
    if (isAnother) this.#lines = new SessionLines(this.#style);
    this.#show(backend, sessionId, items);
  }

  #show(backend: Connection, session: SessionId, limit: number): void {
    backend
      .call('session/watch', { session, limit })
      .then((snapshot) => this.#print(this.#lines.snapshot(snapshot)))
      .catch((error: unknown) => this.#refused(error));
  }

  async #do(typed: Typed): Promise<void> {
    const agent = this.#agent.id;
    try {
      const backend = await this.#backend;
      if (typed.do === 'prompt') await this.#prompt(backend, typed.text);
      else if (typed.do === 'stop') await backend.call('agent/interrupt', { agent });
      else if (typed.do === 'answer') await this.#answer(backend, typed);
      else if (typed.do === 'leave') this.#left.resolve();
      else if (typed.do === 'help') this.#print([this.#style('dim', help)]);
    } catch (error) {
      this.#refused(error);
    }
    if (this.#isTerminal) this.#screen.prompt(true);
  }

  async #prompt(backend: Connection, text: string): Promise<void> {
    const { queued } = await backend.call('agent/prompt', { agent: this.#agent.id, text, promptId: newId<PromptId>() });
    if (queued) this.#print([this.#style('dim', '-- It waits for its turn.')]);
  }

  async #answer(backend: Connection, { decision, message }: Extract<Typed, { do: 'answer' }>): Promise<void> {
    const [question] = this.#lines.openQuestions();
    if (!question) throw new AgorError('notFound', 'Nothing is asked.');
    const { approvalId: approval, hash } = question;
    await backend.call('approval/answer', { approval, hash, decision, ...(message === undefined ? {} : { message }) });
  }

  /** A lost connection is seen where it is watched; what was typed then is told as not sent. */
  #refused(error: unknown): void {
    const lost = error instanceof UnreachableError ? ' What was typed was not sent.' : '';
    this.#print([this.#style('red', `${printable(error instanceof Error ? error.message : String(error))}${lost}`)]);
  }

  /** Above the line that is being typed, which stays. */
  #print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const text = `${lines.join('\n')}\n`;
    if (!this.#isTerminal) return void process.stdout.write(text);
    process.stdout.write(`\r\u001b[K${text}`);
    this.#screen.prompt(true);
  }
}
