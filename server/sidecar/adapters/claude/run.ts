/** One life of a Claude Code program: its lines in and out, what it is asked over them, and its end. */
import { access } from 'node:fs/promises';
import type { LinePlace } from '../../../base/line-splitter.ts';
import { newId } from '../../../base/uuid.ts';
import { within } from '../../../base/within.ts';
import type { AgentEvent, Decision, Usage } from '../../../protocol/agent-event.ts';
import { AgorError } from '../../../protocol/errors.ts';
import type { ApprovalId } from '../../../protocol/ids.ts';
import type { AdapterContext, Prompt } from '../../adapter.ts';
import { frameError, misfitError, oversizeError, type ProtocolError } from '../../agent-frame.ts';
import type { Program, ProgramExit } from '../../program.ts';
import { Conversation } from './conversation.ts';
import { ownerPlaces } from './environment.ts';
import { hookCommands } from './hook-commands.ts';
import { Hooks, hookRegistration } from './hooks.ts';
import { exitDetail, failedProgram, missingProgram, missingProject, refusedProgram, silentProgram } from './launch.ts';
import { type ControlRequest, type ControlResponse, InitializeReply, isCanUseTool, isHookCallback, parseLine } from './lines.ts';
import { readProjectText } from './project-file.ts';

export type RunTimes = {
  readonly initializeMs: number;
  /** For the answer to an interrupt. */
  readonly interruptMs: number;
  /** For the turn to end by itself before the program is ended; the same again for the interrupt's answer. */
  readonly stopMs: number;
};
type RunOptions = {
  readonly times: RunTimes;
  readonly commandLine: readonly [string, ...string[]];
  readonly knownUsage: Usage | null;
  /** In the program's words for how a session starts. */
  readonly startsAs: 'startup' | 'resume';
  /** Called before anything else of the session is emitted. */
  readonly onInitialized: (reply: InitializeReply) => void;
  /** Each turn names its session. */
  readonly onSession: (sessionId: string) => void;
};

/** A flood of it must not become a flood in the log. */
const toldUnheard = 5;

export class Run {
  readonly #context: AdapterContext;
  readonly #options: RunOptions;
  readonly #conversation: Conversation;
  readonly #hooks: Hooks;
  #program: Program | null = null;
  #phase: 'starting' | 'open' | 'stopping' | 'ended' = 'starting';
  #requests = 0;
  /** How often the program broke its protocol while its session was not open. */
  #brokenUnheard = 0;
  readonly #replies = new Map<string, (response: ControlResponse) => void>();
  #finished: Promise<void> = Promise.resolve();
  #onIdle: () => void = () => {};

  constructor(context: AdapterContext, options: RunOptions) {
    this.#context = context;
    this.#options = options;
    const { projectDir } = context;
    const around = { projectDir, readText: (file: string) => readProjectText(projectDir, file) };
    this.#conversation = new Conversation({ newId, around, knownUsage: options.knownUsage });
    const commandsFor = (hook: string) => hookCommands(ownerPlaces(context.environment).ownerDir, hook);
    this.#hooks = new Hooks({ hooks: context.hooks, commandsFor });
  }

  get pid(): number | null {
    return this.#program?.pid ?? null;
  }

  get isAlive(): boolean {
    return this.#phase === 'open';
  }

  stderrTail(): string {
    return this.#program?.stderrTail() ?? '';
  }

  /** Resolves once the program has answered; after a failure nothing of it is left. */
  async start(): Promise<InitializeReply> {
    const { command } = this.#context;
    const program = await this.#spawn();
    this.#program = program;
    this.#finished = program.exited.then((exit) => this.#ended(exit));
    const initialized = new Promise<InitializeReply>((resolve, reject) => {
      this.#request({ subtype: 'initialize', hooks: hookRegistration() }, (response) => {
        if (this.#phase !== 'starting') return; // Stopped meanwhile: its exit ends the wait.
        if (response.subtype === 'error') return reject(refusedProgram(command, response.error ?? 'It did not say why.'));
        this.#phase = 'open';
        const reply = replyOf(response);
        this.#options.onInitialized(reply);
        this.#hooks.observed('SessionStart', { source: this.#options.startsAs });
        resolve(reply);
      });
    });
    const exited = program.exited.then((exit) => Promise.reject(failedProgram(command, exit, program.stderrTail())));
    const { initializeMs } = this.#options.times;
    try {
      const first = Promise.race([initialized, exited]);
      if (await within(first, initializeMs)) return await first;
      throw silentProgram(command, initializeMs, program.stderrTail());
    } catch (error) {
      await this.#endProgram(program);
      throw error;
    }
  }

  async prompt({ promptId, text, context, joins }: Prompt): Promise<void> {
    const program = this.#program;
    if (!program || !this.isAlive) throw new AgorError('agentFailed', 'Claude Code does not run. Start the agent again.');
    this.#emit(this.#conversation.prompted(promptId, joins));
    // The last block is what the person said.
    const content = context === undefined ? text : [textBlock(context), textBlock(text)];
    const message = { role: 'user', content };
    await program.writeLine(JSON.stringify({ type: 'user', message, parent_tool_use_id: null, session_id: '', uuid: promptId }));
  }

  async interrupt(): Promise<void> {
    if (!this.isAlive || !this.#conversation.hasOpenTurn) return;
    if (await this.#askToInterrupt(this.#options.times.interruptMs)) return;
    throw new AgorError('unavailable', 'Claude Code did not react to the interrupt. Stop the agent to end its turn.');
  }

  answer(approvalId: ApprovalId, decision: Decision, message: string | null): boolean {
    const answer = this.#conversation.permissionAnswered(approvalId, decision, message);
    if (!answer || !this.isAlive) return false;
    this.#respond({ subtype: 'success', request_id: answer.requestId, response: answer.response });
    return true;
  }

  async stop(): Promise<void> {
    const program = this.#program;
    if (!program) return;
    if (this.isAlive && this.#conversation.hasOpenTurn) {
      const idle = new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
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
      command: this.#options.commandLine,
      cwd: projectDir,
      environment,
      onLine: (line: string, place: LinePlace) => this.#onLine(line, place),
      onOversize: (place: LinePlace) => this.#broke(oversizeError(place)),
    };
    return startProgram(options).catch((error) => Promise.reject(isMissingProgram(error) ? missingProgram(command, error) : error));
  }

  #onLine(text: string, place: LinePlace): void {
    if (text.trim() === '') return;
    const parsed = parseLine(text);
    if (parsed.kind === 'garbage') return this.#broke(frameError(parsed.problem, place));
    if (parsed.kind === 'misfit') return this.#broke(misfitError(text, place));
    if (parsed.kind === 'unused') return;
    const { line } = parsed;
    this.#hooks.heard(line);
    if (line.type === 'control_response') return this.#replies.get(line.response.request_id)?.(line.response);
    if (line.type === 'control_request') return this.#onControlRequest(line);
    if (line.type === 'system' && line.subtype === 'init' && line.session_id !== undefined) this.#options.onSession(line.session_id);
    this.#emit(this.#conversation.said(line));
    if (!this.#conversation.hasOpenTurn) this.#onIdle();
  }

  /** Before its session is open, whoever starts it is told by its silence, and nobody else. */
  #broke(error: ProtocolError): void {
    if (this.isAlive) this.#emit([error]);
    else if (this.#brokenUnheard++ < toldUnheard) this.#context.log('the program broke its protocol', { ...error });
  }

  #onControlRequest(line: ControlRequest): void {
    if (isCanUseTool(line.request)) {
      const { events, denial } = this.#conversation.asked(line.request_id, line.request);
      this.#emit(events);
      if (denial) this.#respond({ subtype: 'success', request_id: denial.requestId, response: denial.response });
      return;
    }
    if (isHookCallback(line.request)) {
      const response = this.#hooks.called(line.request_id, line.request);
      return this.#respond({ subtype: 'success', request_id: line.request_id, response });
    }
    // It waits for an answer to each request, also to those that we do not know.
    this.#respond({ subtype: 'error', request_id: line.request_id, error: `Agor does not answer ${line.request.subtype}.` });
  }

  async #askToInterrupt(withinMs: number): Promise<boolean> {
    this.#conversation.interrupting();
    const replied = new Promise<void>((resolve) => this.#request({ subtype: 'interrupt' }, () => resolve()));
    return within(Promise.race([replied, this.#finished]), withinMs);
  }

  #request(request: Record<string, unknown>, onReply: (response: ControlResponse) => void): void {
    this.#requests += 1;
    const requestId = `agor-${this.#requests}`;
    this.#replies.set(requestId, (response) => {
      this.#replies.delete(requestId);
      onReply(response);
    });
    this.#write({ type: 'control_request', request_id: requestId, request });
  }

  #respond(response: Record<string, unknown>): void {
    this.#write({ type: 'control_response', response });
  }

  #write(line: Record<string, unknown>): void {
    // It never rejects: when the program is gone its exit tells.
    void this.#program?.writeLine(JSON.stringify(line));
  }

  async #endProgram(program: Program): Promise<void> {
    if (this.#phase !== 'ended') this.#phase = 'stopping';
    await program.stop();
    await this.#finished;
  }

  #ended(exit: ProgramExit): void {
    const before = this.#phase;
    this.#phase = 'ended';
    if (before === 'starting') return; // `start` rejects with the reason.
    this.#hooks.observed('SessionEnd', { reason: 'exit' });
    this.#emit(this.#conversation.programEnded(before === 'open' ? 'crashed' : 'interrupted'));
    if (before === 'open') this.#context.onExit(exitDetail(exit, this.#conversation.hasFailedLast, this.stderrTail()), exit);
  }

  #emit(events: readonly AgentEvent[]): void {
    for (const event of events) this.#context.emit(event);
  }
}

function textBlock(text: string) {
  return { type: 'text', text };
}

function replyOf(response: ControlResponse): InitializeReply {
  const parsed = InitializeReply.safeParse(response.response);
  return parsed.success ? parsed.data : { claude_code_version: undefined, models: undefined };
}

function isMissingProgram(error: unknown): boolean {
  const cause = error instanceof AgorError ? error.cause : error;
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}
