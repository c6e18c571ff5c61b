/** Codex by its own app-server: one program for one thread, resumed after whatever ended it. */
import type { Capabilities } from '../../../protocol/agent-event.ts';
import { AgorError } from '../../../protocol/errors.ts';
import type { AdapterContext, AgentAdapter, OpenedSession, OpenSession, Prompt } from '../../adapter.ts';
import { recordHolds } from '../record-holds.ts';
import type { KeySource } from './launch.ts';
import { Run, type RunTimes } from './run.ts';

/** It tells tokens and no cost, and it tells of its hooks to nobody. */
const capabilities: Capabilities = {
  cost: false,
  tokens: true,
  hooks: false,
  resume: true,
  steer: true,
  retryEvents: true,
  typedErrors: true,
  modelChoice: true,
};

const forgotten = 'Codex has no record of the earlier conversation, so it goes on without remembering it.';
const defaultTimes: RunTimes = { openMs: 60_000, interruptMs: 10_000, stopMs: 3_000 };

type CodexContext = AdapterContext & {
  /** Null for its own login, or whatever its own configuration says. */
  readonly key: KeySource | null;
  readonly isFenced: boolean;
};

export function createCodexAdapter(context: CodexContext): AgentAdapter {
  return new CodexAdapter(context, defaultTimes);
}

export class CodexAdapter implements AgentAdapter {
  readonly #context: CodexContext;
  readonly #times: RunTimes;
  #run: Run | null = null;
  #recordPath: string | null = null;

  constructor(context: CodexContext, times: RunTimes) {
    this.#context = context;
    this.#times = times;
  }

  async open(wanted: OpenSession): Promise<OpenedSession> {
    await this.stop();
    const { projectDir, tools, key, isFenced, emit } = this.#context;
    const choice = { projectDir, tools, key, isFenced, model: wanted.model, threadId: wanted.providerSessionId };
    const run = new Run(this.#context, { times: this.#times, wanted, choice });
    this.#run = run;
    try {
      const { threadId, resumed, isForgotten, model, version, recordPath } = await run.start();
      this.#recordPath = recordPath;
      emit({ type: 'sessionOpened', providerSessionId: threadId, resumed, model, programVersion: version });
      if (isForgotten) emit({ type: 'notice', level: 'warning', text: forgotten });
      return { capabilities, programPid: run.pid, programVersion: version };
    } catch (error) {
      if (this.#run === run) this.#run = null;
      throw error;
    }
  }

  async prompt(prompt: Prompt): Promise<void> {
    if (!this.#run) throw new AgorError('agentFailed', 'Codex does not run. Start the agent again.');
    await this.#run.prompt(prompt);
  }

  async interrupt(): Promise<void> {
    await this.#run?.interrupt();
  }

  /** The protocol has no place for a message with a refusal. */
  answer(...[approvalId, decision, , values]: Parameters<AgentAdapter['answer']>): boolean {
    return this.#run?.answer(approvalId, decision, values) ?? false;
  }

  async remembers(text: string): Promise<boolean | null> {
    return this.#recordPath === null ? null : recordHolds(this.#recordPath, text);
  }

  async stop(): Promise<void> {
    const run = this.#run;
    await run?.stop();
    if (this.#run === run) this.#run = null;
  }
}
