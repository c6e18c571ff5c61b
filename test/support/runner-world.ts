/** A session runner above an agent that does what a test tells it. */
import { newId } from '../../server/base/uuid.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import { AgorError } from '../../server/protocol/errors.ts';
import type { ApprovalId, SessionId, TurnId } from '../../server/protocol/ids.ts';
import type { ProgramChange } from '../../server/protocol/sidecar-wire.ts';
import type { AdapterContext, AgentAdapter, OpenSession, Prompt } from '../../server/sidecar/adapter.ts';
import { SessionRunner } from '../../server/sidecar/session-runner.ts';
import { FakeClock } from './fake-clock.ts';
import { plainCapabilities as capabilities } from './protocol-samples.ts';

type RunnerDeps = ConstructorParameters<typeof SessionRunner>[0];

export const killed = { code: null, signal: 'SIGKILL' } as const;

type Context = Pick<AdapterContext, 'emit' | 'onExit'>;

export class FakeAdapter implements AgentAdapter {
  readonly context: Context;
  readonly secrets: Readonly<Record<string, string>>;
  readonly prompts: string[] = [];
  readonly answers: string[] = [];
  opened: OpenSession | undefined;
  stops = 0;
  openFailure: Error | undefined;
  promptFailure: Error | undefined;
  turnId: TurnId | undefined;
  onPrompt: () => void = () => {};
  /** Takes prompts into a running turn, or would and refuses them. */
  steering: 'none' | 'taken' | 'refused' = 'none';

  constructor(context: Context, secrets: Readonly<Record<string, string>>) {
    this.context = context;
    this.secrets = secrets;
  }

  async open(session: OpenSession) {
    this.opened = session;
    if (this.openFailure) throw this.openFailure;
    this.context.emit({ type: 'sessionOpened', providerSessionId: 'theirs', resumed: false, model: null, programVersion: null });
    return { capabilities: { ...capabilities, steer: this.steering !== 'none' }, programPid: 42, programVersion: '1' };
  }

  async prompt({ promptId, text, joins }: Prompt) {
    if (this.promptFailure) throw this.promptFailure;
    if (this.turnId && this.steering === 'refused') throw new AgorError('conflict', 'This turn takes no other prompt.');
    this.prompts.push(text);
    this.onPrompt();
    if (joins) return;
    this.turnId = newId<TurnId>();
    this.context.emit({ type: 'turnStarted', turnId: this.turnId, promptIds: [promptId] });
  }

  async interrupt() {
    this.endTurn('interrupted');
  }

  answer(approvalId: ApprovalId) {
    this.answers.push(approvalId);
    return true;
  }

  async stop() {
    this.stops += 1;
  }

  endTurn(reason: 'completed' | 'interrupted' | 'failed') {
    if (this.turnId) this.context.emit({ type: 'turnEnded', turnId: this.turnId, reason, failure: null });
    this.turnId = undefined;
  }
}

export function runnerWorld(prepare: (adapter: FakeAdapter, index: number) => void = () => {}, more: Partial<RunnerDeps> = {}) {
  const clock = new FakeClock();
  const adapters: FakeAdapter[] = [];
  const events: AgentEvent[] = [];
  const changes: ProgramChange[] = [];
  const runner = new SessionRunner({
    createAdapter: (context, secrets) => {
      const adapter = new FakeAdapter(context, secrets);
      prepare(adapter, adapters.length);
      adapters.push(adapter);
      return adapter;
    },
    emit: (_, event) => events.push(event),
    keepNow: () => {},
    mail: { take: async () => [], putBack: () => {}, besides: () => undefined },
    onProgramChanged: (change) => changes.push(change),
    onStep: () => {},
    clock,
    random: () => 0,
    hardTurnMinutes: null,
    terminate: async () => {},
    lookAtProtected: async () => async () => [],
    log: () => {},
    ...more,
  });
  return { adapters, clock, events, changes, runner };
}

export function wish(secrets: Record<string, string> = {}) {
  return { sessionId: newId<SessionId>(), providerSessionId: null, model: null, secrets };
}

export function types(events: readonly AgentEvent[]): string[] {
  return events.map((event) => (event.type === 'turnEnded' ? `turnEnded ${event.reason}` : event.type));
}
