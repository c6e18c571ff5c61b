/** Claude Code by its own stream-json protocol: one program for one session, resumed after whatever ended it. */
import { randomUUID } from 'node:crypto';
import type { AgentEvent, Capabilities, Decision, Usage } from '../../../protocol/agent-event.ts';
import { AgorError } from '../../../protocol/errors.ts';
import type { ApprovalId } from '../../../protocol/ids.ts';
import type { AdapterContext, AgentAdapter, OpenedSession, OpenSession, Prompt } from '../../adapter.ts';
import { conversationHolds } from './conversation-file.ts';
import { ownerPlaces } from './environment.ts';
import { commandLine, launchProblem, otherChoice, type SessionChoice } from './launch.ts';
import type { InitializeReply } from './lines.ts';
import { Run, type RunTimes } from './run.ts';

const capabilities: Capabilities = {
  cost: true,
  tokens: true,
  hooks: true,
  resume: true,
  steer: true,
  retryEvents: true,
  typedErrors: true,
  modelChoice: true,
};

const forgotten = 'Claude Code has no record of the earlier conversation, so it goes on without remembering it.';
const defaultTimes: RunTimes = { initializeMs: 30_000, interruptMs: 10_000, stopMs: 3_000 };

type ClaudeContext = AdapterContext & {
  /** Shell command that prints the key, where neither the environment nor its own login has it. */
  readonly keyHelper?: string | null;
};

export function createClaudeAdapter(context: ClaudeContext): AgentAdapter {
  return new ClaudeAdapter(context, defaultTimes);
}

export class ClaudeAdapter implements AgentAdapter {
  readonly #context: ClaudeContext;
  readonly #times: RunTimes;
  #run: Run | null = null;
  #opened: SessionOpened | null = null;

  constructor(context: ClaudeContext, times: RunTimes) {
    this.#context = context;
    this.#times = times;
  }

  async open(session: OpenSession): Promise<OpenedSession> {
    // The program holds one session: another one needs another program.
    await this.stop();
    const { providerSessionId } = session;
    const choice: SessionChoice =
      providerSessionId === null ? { kind: 'new', sessionId: randomUUID() } : { kind: 'resume', sessionId: providerSessionId };
    return this.#open(choice, { model: session.model, knownUsage: session.usage ?? null });
  }

  async prompt(prompt: Prompt): Promise<void> {
    if (!this.#run) throw new AgorError('agentFailed', 'Claude Code does not run. Start the agent again.');
    await this.#run.prompt(prompt);
  }

  async interrupt(): Promise<void> {
    await this.#run?.interrupt();
  }

  answer(approvalId: ApprovalId, decision: Decision, message: string | null): boolean {
    return this.#run?.answer(approvalId, decision, message) ?? false;
  }

  async remembers(text: string): Promise<boolean | null> {
    const { environment } = this.#context;
    return this.#opened && conversationHolds(ownerPlaces(environment).ownerDir, this.#opened.providerSessionId, text);
  }

  async stop(): Promise<void> {
    const run = this.#run;
    await run?.stop();
    if (this.#run === run) this.#run = null;
  }

  /** Its own words tell when a session must be opened the other way round; more than that is not tried. */
  async #open(session: SessionChoice, start: Start): Promise<OpenedSession> {
    const run = this.#newRun(session, start);
    try {
      return await this.#start(run);
    } catch (error) {
      const other = otherChoice(session, launchProblem(run.stderrTail()), randomUUID());
      if (!other) throw error;
      this.#context.log('the session is opened the other way', { from: session.kind, to: other.kind });
      const opened = await this.#start(this.#newRun(other, { ...start, knownUsage: other.kind === 'new' ? null : start.knownUsage }));
      if (other.kind === 'new') this.#context.emit({ type: 'notice', level: 'warning', text: forgotten });
      return opened;
    }
  }

  #newRun(session: SessionChoice, { model, knownUsage }: Start): Run {
    return new Run(this.#context, {
      times: this.#times,
      knownUsage,
      startsAs: session.kind === 'resume' ? 'resume' : 'startup',
      commandLine: commandLine(this.#context.command, session, {
        model,
        keyHelper: this.#context.keyHelper ?? null,
        tools: this.#context.tools,
      }),
      onInitialized: (reply) =>
        this.#tell({
          type: 'sessionOpened',
          providerSessionId: session.sessionId,
          resumed: session.kind === 'resume',
          model: model ?? defaultModelOf(reply),
          programVersion: reply.claude_code_version ?? null,
        }),
      onSession: (sessionId) => this.#follow(sessionId),
    });
  }

  #tell(opened: SessionOpened): void {
    this.#opened = opened;
    this.#context.emit(opened);
  }

  /** The person had the conversation cleared: what comes now is in another session, and that is the one to resume. */
  #follow(sessionId: string): void {
    if (!this.#opened || this.#opened.providerSessionId === sessionId) return;
    this.#tell({ ...this.#opened, providerSessionId: sessionId, resumed: false });
  }

  async #start(run: Run): Promise<OpenedSession> {
    this.#run = run;
    try {
      const reply = await run.start();
      return { capabilities, programPid: run.pid, programVersion: reply.claude_code_version ?? null };
    } catch (error) {
      if (this.#run === run) this.#run = null;
      throw error;
    }
  }
}

type SessionOpened = Extract<AgentEvent, { type: 'sessionOpened' }>;
type Start = { readonly model: string | null; readonly knownUsage: Usage | null };

/** The program names no model of its own choice until its first turn, but says which one is its default. */
function defaultModelOf(reply: InitializeReply): string | null {
  return reply.models?.find(({ value }) => value === 'default')?.resolvedModel ?? null;
}
