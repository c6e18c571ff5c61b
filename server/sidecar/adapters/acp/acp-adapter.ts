/** Drives any agent that speaks the Agent Client Protocol over its input and output. */
import {
  type CreateElicitationRequest,
  type CreateElicitationResponse,
  methods,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
} from '@agentclientprotocol/sdk';
import { delay } from '../../../base/delay.ts';
import type { Capabilities, Usage } from '../../../protocol/agent-event.ts';
import { AgorError } from '../../../protocol/errors.ts';
import type { TurnId } from '../../../protocol/ids.ts';
import type { AdapterContext, AdapterFactory, AgentAdapter, OpenedSession, OpenSession, Prompt } from '../../adapter.ts';
import type { ProtocolError } from '../../agent-frame.ts';
import type { ProgramExit } from '../../program.ts';
import { type AcpLink, openLink } from './acp-link.ts';
import { type AcpUpdate, promptUsage, readUpdate } from './acp-update.ts';
import { modeRequest } from './choose-mode.ts';
import { Conversation } from './conversation.ts';
import { cancelledForm } from './elicitations.ts';
import { mcpServers } from './mcp-servers.ts';
import { ModeKeeper } from './mode-keeper.ts';
import { type AcpSession, openSession, resumeMethod } from './open-session.ts';
import { failureOf, turnEndReason } from './outcome.ts';
import { cancelledResponse } from './permission.ts';
import { Replay } from './replay.ts';
import type { SessionChoice } from './session-choice.ts';
import { shownEvent } from './shown-event.ts';
import { exitDetail } from './start-failure.ts';
import { noUsage } from './usage.ts';

export type AcpOptions = {
  readonly initializeTimeoutMs: number;
  readonly sessionTimeoutMs: number;
  /** How long a program may go on with a turn that it was told to stop, before it is ended itself. */
  readonly cancelGraceMs: number;
  /** A loaded session is taken for said again once nothing came for so long, and at the latest then. */
  readonly replay: { readonly quietMs: number; readonly mostMs: number };
};

export const defaultAcpOptions: AcpOptions = {
  // A program that is several hundred megabytes large has a slow first start on a busy machine.
  initializeTimeoutMs: 30_000,
  sessionTimeoutMs: 60_000,
  cancelGraceMs: 5_000,
  replay: { quietMs: 100, mostMs: 3_000 },
};

export const createAcpAdapter: AdapterFactory = (context) => new AcpAdapter(context, defaultAcpOptions);

/** It says all of a session again before it says that the session is open, so what is on its way here then is read at once. */
export const createDemoAdapter: AdapterFactory = (context) =>
  new AcpAdapter(context, { ...defaultAcpOptions, replay: { ...defaultAcpOptions.replay, quietMs: 5 } });

/** A flood of it must not become a flood in the log. */
const toldUnheard = 5;
/** How long a running turn may take to end before the program is stopped. */
const stopGraceMs = 1_000;

export class AcpAdapter implements AgentAdapter {
  readonly #context: AdapterContext;
  readonly #options: AcpOptions;
  #conversation: Conversation;
  #modes: ModeKeeper | null = null;
  #link: AcpLink | null = null;
  /** Null while a session is being opened: what is replayed then is history that we have. */
  #sessionId: string | null = null;
  readonly #replay = new Replay();
  #usageWhileOpening: { readonly sessionId: string; readonly update: AcpUpdate } | null = null;
  #turnOver: AbortController | null = null;
  #stopAsked = false;
  /** While it is true, whoever opens is told of a program that ends, and nobody else. */
  #opening = false;
  #lastSessionId: string | null = null;
  /** How often the program broke its protocol while no session was open. */
  #brokenUnheard = 0;

  constructor(context: AdapterContext, options: AcpOptions) {
    this.#context = context;
    this.#options = options;
    this.#conversation = new Conversation(emitShown(context));
  }

  async open(wanted: OpenSession): Promise<OpenedSession> {
    if (this.#conversation.turnId !== null)
      throw new AgorError('conflict', 'The agent works on a turn; stop it before another session is opened.');
    this.#stopAsked = false;
    this.#opening = true;
    this.#sessionId = null;
    this.#usageWhileOpening = null;
    this.#replay.begin(wanted.providerSessionId);
    try {
      const link = this.#link ?? (await this.#start());
      const { projectDir } = this.#context;
      const session = await openSession(link, {
        ...wanted,
        projectDir,
        mcpServers: mcpServers(this.#context),
        timeoutMs: this.#options.sessionTimeoutMs,
      });
      if (session.resumed && resumeMethod(link) === 'session/load') await this.#replay.whenSaid(this.#options.replay);
      return this.#opened(link, session, wanted.usage ?? noUsage);
    } catch (error) {
      await this.stop();
      throw error;
    } finally {
      this.#opening = false;
    }
  }

  prompt({ promptId, text, context }: Prompt): Promise<void> {
    const link = this.#link;
    const sessionId = this.#sessionId;
    if (link === null || sessionId === null) return Promise.reject(new AgorError('agentFailed', 'The agent does not run; start it first.'));
    if (this.#conversation.turnId !== null) {
      return Promise.reject(new AgorError('conflict', 'The agent works on a turn and takes no other prompt until it has ended.'));
    }
    const turnId = this.#conversation.begin(promptId);
    this.#turnOver = new AbortController();
    this.#replay.prompted();
    const blocks = [context, text].filter((part) => part !== undefined).map((part) => ({ type: 'text', text: part }));
    link.agent.request<unknown>(methods.agent.session.prompt, { sessionId, prompt: blocks }).then(
      (answer) => this.#answered(turnId, answer),
      (error: unknown) => this.#failed(turnId, error),
    );
    return Promise.resolve();
  }

  async interrupt(): Promise<void> {
    const link = this.#link;
    if (link === null || this.#conversation.turnId === null || this.#conversation.isStopping) return;
    this.#conversation.stopAsked();
    void this.#endIfDeaf(link);
    // Not awaited: a program that reads nothing would hold up whoever wants to stop it.
    link.agent.notify(methods.agent.session.cancel, { sessionId: this.#sessionId ?? '' }).catch(() => {
      // The connection is closed, so the program is gone and its exit ends the turn.
    });
  }

  /** The protocol has no place for a message with a refusal. */
  answer(...[approvalId, decision, , values]: Parameters<AgentAdapter['answer']>): boolean {
    return this.#conversation.answer(approvalId, decision, values);
  }

  async remembers(text: string): Promise<boolean | null> {
    return this.#sessionId === null ? null : this.#replay.remembers(text);
  }

  async stop(): Promise<void> {
    const link = this.#link;
    if (link === null) return;
    this.#stopAsked = true;
    await this.interrupt();
    if (this.#turnOver !== null) await delay(stopGraceMs, this.#turnOver.signal);
    await link.program.stop();
    this.#gone(link, null);
  }

  async #start(): Promise<AcpLink> {
    const link = await openLink(
      this.#context,
      {
        onUpdate: (params) => this.#updated(params),
        onPermission: (request, signal) => this.#permissionAsked(request, signal),
        onForm: (request, signal) => this.#formAsked(request, signal),
        onProtocolError: (error) => this.#broke(error),
      },
      this.#options.initializeTimeoutMs,
    );
    this.#link = link;
    void link.program.exited.then((exit) => this.#gone(link, exit));
    return link;
  }

  #opened(link: AcpLink, session: AcpSession, known: Usage): OpenedSession {
    const programVersion = link.initialized.agentInfo?.version ?? null;
    const { sessionId, resumed, model } = session;
    // The totals go on with a session that goes on, and begin anew with another.
    if (sessionId !== this.#lastSessionId) {
      this.#conversation = new Conversation(emitShown(this.#context), session.resumed ? known : noUsage);
    }
    this.#lastSessionId = sessionId;
    this.#sessionId = sessionId;
    this.#context.emit({ type: 'sessionOpened', providerSessionId: sessionId, resumed, model, programVersion });
    for (const text of session.warnings) this.#warn(text);
    this.#modes = session.mode.choice && this.#keeper(link, sessionId, session.mode.choice);
    if (this.#usageWhileOpening?.sessionId === sessionId) this.#conversation.update(this.#usageWhileOpening.update);
    return { capabilities: this.#capabilities(link, session), programPid: link.program.pid, programVersion };
  }

  /** Cost and tokens are promised only once the agent has told some. */
  #capabilities(link: AcpLink, session: AcpSession): Capabilities {
    const { costUsd, contextTokens, inputTokens } = this.#conversation.usage;
    return {
      cost: costUsd !== null,
      tokens: contextTokens !== null || inputTokens !== null,
      hooks: false,
      resume: resumeMethod(link) !== null,
      steer: false,
      retryEvents: false,
      typedErrors: false,
      modelChoice: session.offersModels,
      ...(session.mode.mayAsk ? {} : { asks: false }),
    };
  }

  #keeper(link: AcpLink, sessionId: string, choice: SessionChoice): ModeKeeper {
    const set = async (mode: string, configId: string | null) => {
      await link.agent.request<unknown>(...modeRequest(sessionId, mode, configId));
    };
    return new ModeKeeper(choice, { set, warn: (text) => this.#warn(text) });
  }

  #warn(text: string): void {
    this.#context.emit({ type: 'notice', level: 'warning', text });
  }

  #updated(params: unknown): void {
    if (this.#sessionId === null) this.#replay.heard(params);
    if (this.#isOfSession(params)) this.#modes?.heard(params.update);
    const told = readUpdate(params);
    if (told === null) return this.#conversation.toldBeside(params, this.#sessionId);
    const { sessionId, update } = told;
    if (this.#sessionId === sessionId) return this.#conversation.update(update);
    if (this.#sessionId === null && update.sessionUpdate === 'usage_update') this.#usageWhileOpening = { sessionId, update };
  }

  #isOfSession(params: unknown): params is { update: unknown } {
    return (
      typeof params === 'object' && params !== null && 'update' in params && 'sessionId' in params && params.sessionId === this.#sessionId
    );
  }

  #permissionAsked(request: RequestPermissionRequest, signal: AbortSignal): Promise<RequestPermissionResponse> {
    if (request.sessionId !== this.#sessionId) return Promise.resolve(cancelledResponse);
    return this.#conversation.ask(request.toolCall, request.options, signal);
  }

  #formAsked(request: CreateElicitationRequest, signal: AbortSignal): Promise<CreateElicitationResponse> {
    const isOurs = 'sessionId' in request && request.sessionId === this.#sessionId;
    return isOurs && request.mode === 'form' ? this.#conversation.askForm(request, signal) : Promise.resolve(cancelledForm);
  }

  /** Before its session is open, whoever opens it is told by its silence, and nobody else. */
  #broke(error: ProtocolError): void {
    if (this.#sessionId !== null) this.#context.emit(error);
    else if (this.#brokenUnheard++ < toldUnheard) this.#context.log('the program broke its protocol', { ...error });
  }

  #answered(turnId: TurnId, answer: unknown): void {
    if (this.#conversation.turnId !== turnId) return;
    const usage = promptUsage(answer);
    if (usage !== null) this.#conversation.addPromptUsage(usage);
    const stopReason = typeof answer === 'object' && answer !== null && 'stopReason' in answer ? String(answer.stopReason) : '';
    const reason = this.#conversation.isStopping ? 'interrupted' : turnEndReason(stopReason);
    this.#endTurn(() => this.#conversation.end(reason, null));
  }

  #failed(turnId: TurnId, error: unknown): void {
    if (this.#conversation.turnId !== turnId) return;
    if (this.#conversation.isStopping) return this.#endTurn(() => this.#conversation.end('interrupted', null));
    this.#endTurn(() => this.#conversation.end('failed', failureOf(error)));
  }

  #endTurn(end: () => void): void {
    end();
    this.#turnOver?.abort();
    this.#turnOver = null;
  }

  async #endIfDeaf(link: AcpLink): Promise<void> {
    const over = this.#turnOver?.signal;
    await delay(this.#options.cancelGraceMs, over);
    if (over?.aborted || this.#link !== link) return;
    this.#warn('The agent did not stop when told to, so its program was ended. The next prompt starts it again.');
    await link.program.stop();
  }

  /** `exit` is null when the program was stopped by us. */
  #gone(link: AcpLink, exit: ProgramExit | null): void {
    if (this.#link !== link) return;
    this.#link = null;
    this.#sessionId = null;
    const detail = exitDetail(exit ?? { code: 0, signal: null }, link.program.stderrTail());
    const failure = { type: 'unknown', message: detail, retryable: false } as const;
    const stopped = this.#stopAsked || this.#conversation.isStopping;
    this.#endTurn(() => (stopped ? this.#conversation.end('interrupted', null) : this.#conversation.end('crashed', failure)));
    link.close();
    if (!this.#stopAsked && !this.#opening && exit !== null) this.#context.onExit(detail, exit);
  }
}

function emitShown({ emit, projectDir }: AdapterContext): AdapterContext['emit'] {
  return (event) => emit(shownEvent(event, projectDir));
}
