/** One life of a Codex program: its lines in and out, its one thread, and its end. */
import { access } from 'node:fs/promises';
import type { LinePlace } from '../../../base/line-splitter.ts';
import { newId } from '../../../base/uuid.ts';
import { within } from '../../../base/within.ts';
import type { AgentEvent, Decision } from '../../../protocol/agent-event.ts';
import { AgorError } from '../../../protocol/errors.ts';
import type { FormValues } from '../../../protocol/form.ts';
import type { ApprovalId } from '../../../protocol/ids.ts';
import { type AdapterContext, type OpenSession, type Prompt, toolServerName } from '../../adapter.ts';
import { frameError, misfitError, oversizeError, type ProtocolError, readFrame } from '../../agent-frame.ts';
import type { Program, ProgramExit } from '../../program.ts';
import { Conversation } from './conversation.ts';
import { commandLine, exitDetail, failedProgram, missingProgram, missingProject, silentProgram } from './launch.ts';
import { messageOf, type Notification, notificationOf, TurnReply } from './messages.ts';
import { type Outcome, Rpc } from './rpc.ts';
import { type OpenedThread, openThread, type ThreadChoice } from './thread.ts';

export type RunTimes = {
  /** For each answer while a thread is opened. */
  readonly openMs: number;
  /** For the answer to an interrupt, and for the turn to end after it. */
  readonly interruptMs: number;
  readonly stopMs: number;
};

type RunOptions = { readonly times: RunTimes; readonly wanted: OpenSession; readonly choice: ThreadChoice };

/** A flood of it must not become a flood in the log. */
const toldUnheard = 5;
/** A turn that is asked for begins at once; a program that is busy with something else may take its time. */
const promptMs = 60_000;
/** Without its tools an agent works on all the same. */
const toolsMs = 10_000;
const silence: Outcome = { kind: 'silent' };

export class Run {
  readonly #context: AdapterContext;
  readonly #options: RunOptions;
  readonly #rpc: Rpc;
  #conversation: Conversation;
  #program: Program | null = null;
  #threadId = '';
  #phase: 'starting' | 'open' | 'stopping' | 'ended' = 'starting';
  #brokenUnheard = 0;
  /** Of the last turn that was asked for: before it has begun, the program loses an interrupt. */
  #beginning: Promise<void> = Promise.resolve();
  #onBegun: () => void = () => {};
  #finished: Promise<void> = Promise.resolve();
  #onIdle: () => void = () => {};
  /** The agent's own tools have started, or will not. */
  readonly #toolsUp: Promise<void>;
  #onToolsUp: () => void = () => {};

  constructor(context: AdapterContext, options: RunOptions) {
    this.#context = context;
    this.#options = options;
    this.#rpc = new Rpc({ write: async (line) => this.#program?.writeLine(line) });
    this.#conversation = this.#newConversation(options.wanted.usage ?? null);
    this.#toolsUp = new Promise((resolve) => {
      this.#onToolsUp = resolve;
    });
  }

  get pid(): number | null {
    return this.#program?.pid ?? null;
  }

  get isAlive(): boolean {
    return this.#phase === 'open';
  }

  /** Resolves once a thread is open; after a failure nothing of the program is left. */
  async start(): Promise<OpenedThread> {
    const { command } = this.#context;
    const program = await this.#spawn();
    this.#program = program;
    this.#finished = program.exited.then((exit) => this.#ended(exit));
    try {
      const { openMs } = this.#options.times;
      const thread = await openThread(command, this.#options.choice, {
        ask: async (method, params) => this.#openAnswer(program, method, await this.#rpc.call(method, params, openMs)),
        notify: (method) => this.#rpc.notify(method),
      });
      if (!thread.resumed) this.#conversation = this.#newConversation(null);
      this.#conversation.usesModel(thread.model);
      this.#threadId = thread.threadId;
      // Some versions begin a turn without the tools of a server that is not up yet.
      if (this.#context.tools !== null) await within(Promise.race([this.#toolsUp, this.#finished]), toolsMs);
      if (this.#hasEnded()) throw failedProgram(command, await program.exited, program.stderrTail());
      this.#phase = 'open';
      return thread;
    } catch (error) {
      await this.#endProgram(program);
      throw error;
    }
  }

  async prompt({ promptId, text, context, joins }: Prompt): Promise<void> {
    if (!this.#program || !this.isAlive) throw new AgorError('agentFailed', 'Codex does not run. Start the agent again.');
    const input = [context, text].flatMap((part) => (part === undefined ? [] : [{ type: 'text', text: part, text_elements: [] }]));
    const given = { threadId: this.#threadId, clientUserMessageId: promptId, input };
    if (this.#conversation.hasOpenTurn) return this.#steer(joins === undefined ? promptId : null, given);
    this.#emit(this.#conversation.prompted(promptId));
    // Not awaited: the turn tells of its own beginning and its end, and is the agent's from here on.
    this.#beginning = new Promise((resolve) => {
      this.#onBegun = resolve;
    });
    void this.#rpc.call('turn/start', given, promptMs, (outcome) => this.#answered(outcome));
  }

  async interrupt(): Promise<void> {
    if (!this.isAlive || !this.#conversation.hasOpenTurn) return;
    const idle = this.#idle();
    const { interruptMs } = this.#options.times;
    if ((await this.#askToInterrupt(interruptMs)) && (await within(Promise.race([idle, this.#finished]), interruptMs))) return;
    throw new AgorError('unavailable', 'Codex did not react to the interrupt. Stop the agent to end its turn.');
  }

  answer(approvalId: ApprovalId, decision: Decision, values?: FormValues): boolean {
    const answer = this.isAlive ? this.#conversation.answered(approvalId, decision, values) : null;
    if (!answer) return false;
    this.#rpc.respond(answer.id, answer.result);
    return true;
  }

  async stop(): Promise<void> {
    const program = this.#program;
    if (!program) return;
    if (this.isAlive && this.#conversation.hasOpenTurn) {
      const idle = this.#idle();
      const { stopMs } = this.#options.times;
      if (await this.#askToInterrupt(stopMs)) await within(Promise.race([idle, this.#finished]), stopMs);
    }
    await this.#endProgram(program);
  }

  async #spawn(): Promise<Program> {
    const { projectDir, environment, startProgram, command } = this.#context;
    // The system reports a missing folder and a missing program alike.
    await access(projectDir).catch((error) => Promise.reject(missingProject(projectDir, error)));
    const options = {
      command: commandLine(command),
      cwd: projectDir,
      environment,
      onLine: (line: string, place: LinePlace) => this.#onLine(line, place),
      onOversize: (place: LinePlace) => this.#broke(oversizeError(place)),
    };
    return startProgram(options).catch((error) => Promise.reject(isMissingProgram(error) ? missingProgram(command, error) : error));
  }

  /** What a call for a thread came to, or why there is none. */
  async #openAnswer(program: Program, method: string, outcome: Outcome): Promise<Exclude<Outcome, { kind: 'silent' }>> {
    if (outcome.kind !== 'silent') return outcome;
    const { command } = this.#context;
    if (this.#phase === 'ended') throw failedProgram(command, await program.exited, program.stderrTail());
    throw silentProgram(command, { method, timeoutMs: this.#options.times.openMs }, program.stderrTail());
  }

  /** `promptId`: of a prompt that has to be told once it was taken. */
  async #steer(promptId: Prompt['promptId'] | null, given: object): Promise<void> {
    await within(Promise.race([this.#beginning, this.#finished]), promptMs);
    const expectedTurnId = this.#conversation.codexTurnId;
    const taken = (outcome: Outcome) => {
      if (outcome.kind === 'answered' && promptId !== null) this.#emit(this.#conversation.prompted(promptId));
    };
    const steered = { ...given, expectedTurnId };
    const { kind } = expectedTurnId === null ? silence : await this.#rpc.call('turn/steer', steered, promptMs, taken);
    if (kind !== 'answered')
      throw new AgorError('conflict', 'Codex works on a turn that takes no other prompt; it can be given when the turn has ended.');
  }

  /** The program's answer to a prompt that was to begin a turn. */
  #answered(outcome: Outcome): void {
    if (outcome.kind === 'refused') {
      this.#emit(this.#conversation.refused(outcome.error));
      this.#idleNow();
    }
    const reply = outcome.kind === 'answered' ? TurnReply.safeParse(outcome.result) : undefined;
    if (reply?.success) this.#conversation.accepted(reply.data.turn.id);
  }

  #onLine(text: string, place: LinePlace): void {
    if (text.trim() === '') return;
    const frame = readFrame(text);
    if (!frame.isFrame) return this.#broke(frameError(frame.problem, place));
    const message = messageOf(frame.value);
    if (message === null) return this.#broke(misfitError(text, place));
    if (message.kind === 'reply') return void this.#rpc.settled(message.id, { kind: 'answered', result: message.result });
    if (message.kind === 'refusal') return void this.#rpc.settled(message.id, { kind: 'refused', error: message.error });
    if (message.kind === 'call') return this.#asked(message);
    const notification = notificationOf(message.method, message.params);
    if (notification === undefined) return;
    const { threadId } = notification.params;
    // Its own helpers have threads too, which are no part of this conversation.
    if (threadId && this.#threadId !== '' && threadId !== this.#threadId) return;
    this.#emit(this.#conversation.said(notification));
    if (notification.method === 'turn/started') this.#onBegun();
    if (isToolsUp(notification)) this.#onToolsUp();
    if (!this.#conversation.hasOpenTurn) this.#idleNow();
  }

  #idleNow(): void {
    this.#onBegun();
    this.#onIdle();
  }

  #asked({ id, method, params }: { readonly id: number | string; readonly method: string; readonly params: unknown }): void {
    const asked = this.#conversation.asked(id, method, params);
    // It waits for an answer to each question, also to those that we do not know.
    if (asked === null) return this.#rpc.refuse(id, `Agent Orchestrator does not answer ${method}.`);
    this.#emit(asked.events);
    if (asked.answer) this.#rpc.respond(asked.answer.id, asked.answer.result);
  }

  /** Before its thread is open, whoever starts it is told by its silence, and nobody else. */
  #broke(error: ProtocolError): void {
    if (this.isAlive) this.#emit([error]);
    else if (this.#brokenUnheard++ < toldUnheard) this.#context.log('the program broke its protocol', { ...error });
  }

  #idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  async #askToInterrupt(withinMs: number): Promise<boolean> {
    this.#conversation.interrupting();
    await within(Promise.race([this.#beginning, this.#finished]), withinMs);
    const turnId = this.#conversation.codexTurnId;
    if (turnId === null) return false;
    const outcome = await this.#rpc.call('turn/interrupt', { threadId: this.#threadId, turnId }, withinMs);
    return outcome.kind !== 'silent';
  }

  async #endProgram(program: Program): Promise<void> {
    if (this.#phase !== 'ended') this.#phase = 'stopping';
    await program.stop();
    await this.#finished;
  }

  #ended(exit: ProgramExit): void {
    const before = this.#phase;
    this.#phase = 'ended';
    this.#rpc.end();
    if (before === 'starting') return; // `start` rejects with the reason.
    this.#emit(this.#conversation.programEnded(before === 'open' ? 'crashed' : 'interrupted'));
    if (before === 'open') this.#context.onExit(exitDetail(exit, this.#program?.stderrTail() ?? ''), exit);
  }

  /** Asked anew: it may have ended during a wait. */
  #hasEnded(): boolean {
    return this.#phase === 'ended';
  }

  #newConversation(knownUsage: OpenSession['usage'] | null): Conversation {
    return new Conversation({ newId, projectDir: this.#context.projectDir, knownUsage: knownUsage ?? null });
  }

  #emit(events: readonly AgentEvent[]): void {
    for (const event of events) this.#context.emit(event);
  }
}

function isToolsUp({ method, params }: Notification): boolean {
  return method === 'mcpServer/startupStatus/updated' && params.name === toolServerName && params.status !== 'starting';
}

function isMissingProgram(error: unknown): boolean {
  const cause = error instanceof AgorError ? error.cause : error;
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}
