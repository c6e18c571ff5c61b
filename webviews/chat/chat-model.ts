/** What the page shows and what a person can do on it, without any drawing. */
import type { Agent } from '../../server/protocol/agent.ts';
import type { PromptId, SessionId } from '../../server/protocol/ids.ts';
import type { Session } from '../../server/protocol/session.ts';
import type { ConnectionState } from '../../server/protocol/webview.ts';
import { type Host, sentenceOf } from '../shared/host.ts';
import { AgentSessions } from './agent-sessions.ts';
import type { ChatModelDeps, Phase } from './chat-model-deps.ts';
import type { KeptDraft } from './draft.ts';
import { Outgoing } from './outgoing.ts';
import { sizeProblem } from './prompt-size.ts';
import { Questions } from './questions.ts';
import type { Attempt, Place, SavedState } from './saved-state.ts';
import { SessionFeed } from './session-feed.ts';
import type { SessionView } from './session-view.ts';

export class ChatModel {
  readonly #deps: ChatModelDeps;
  readonly questions: Questions;
  readonly #feed: SessionFeed;
  readonly #sessions: AgentSessions;
  #agentId: string | null;
  #agent: Agent | null = null;
  #phase: Phase = 'loading';
  #connection: ConnectionState = 'connecting';
  #problem: string | null = null;
  readonly #outgoing: Outgoing;
  #place: Place;
  /** The session of the last page, until the first load has used it. */
  #wantedSessionId: string | null;
  /** Counts loads: one that was overtaken by another shows nothing. */
  #loads = 0;

  constructor(deps: ChatModelDeps, saved: SavedState) {
    this.#deps = deps;
    this.#agentId = saved.agentId;
    this.#wantedSessionId = saved.sessionId;
    this.#place = saved.place;
    const { host, onChange, later, now, newPromptId } = deps;
    const request: Host['request'] = (method, params) => host.request(method, params);
    this.#feed = new SessionFeed({ request, onChange, later, isAtEnd: () => this.#place.kind === 'end' });
    this.#sessions = new AgentSessions(request, onChange);
    this.questions = new Questions({ request, onChange, changed: (approval) => this.#feed.receiveApproval(approval) });
    const accepted = (sessionId: SessionId) => this.#accepted(sessionId);
    this.#outgoing = new Outgoing(
      { now, newPromptId, changed: (when) => this.#save(when), give: (attempt) => this.#give(attempt), accepted },
      saved,
    );
  }

  get agent(): Agent | null {
    return this.#agent;
  }
  get phase(): Phase {
    return this.#phase;
  }
  get connection(): ConnectionState {
    return this.#connection;
  }
  /** Newest first. */
  get sessions(): readonly Session[] {
    return this.#sessions.all;
  }
  get sessionId(): string | null {
    return this.#feed.sessionId;
  }
  get view(): SessionView | null {
    return this.#feed.view;
  }
  get isLoadingEarlier(): boolean {
    return this.#feed.isLoadingEarlier;
  }
  get loadFailure(): string | null {
    return this.#feed.failure;
  }
  /** One sentence about the last thing that was refused. */
  get problem(): string | null {
    return this.#problem;
  }
  get draft(): string {
    return this.#outgoing.text;
  }
  get isSending(): boolean {
    return this.#outgoing.isSending;
  }
  get place(): Place {
    return this.#place;
  }
  get isEarlierSession(): boolean {
    return this.sessionId !== null && this.#agent !== null && this.sessionId !== this.#agent.sessionId;
  }

  /** Listens to the panel; call before `host.start()`. */
  start(): void {
    const { host } = this.#deps;
    host.on('init', ({ agentId, sessionId, connection }) => {
      this.#agentId = agentId ?? this.#agentId;
      this.#wantedSessionId = sessionId ?? this.#wantedSessionId;
      this.#connection = connection;
      void this.load();
    });
    host.on('connection', ({ state }) => this.#connectionChanged(state));
    host.on('show', ({ agentId, sessionId }) => void this.show(agentId, sessionId));
    host.subscribe('agent/changed', ({ agent }) => this.#agentChanged(agent));
    host.subscribe('agent/removed', ({ agentId }) => {
      if (agentId !== this.#agentId) return;
      this.#phase = 'gone';
      this.#deps.onChange();
    });
    host.subscribe('session/changed', (changed) => this.#feed.receive(changed));
    host.subscribe('approval/changed', ({ approval }) => this.questions.receive(approval));
  }

  /** `sessionId: null` is the agent's current session. */
  async show(agentId: string, sessionId: string | null): Promise<void> {
    const isShown = sessionId === null ? !this.isEarlierSession : sessionId === this.sessionId;
    if (agentId === this.#agentId && isShown) return;
    if (agentId !== this.#agentId) {
      this.#agentId = agentId;
      this.#agent = null;
      this.#sessions.clear();
      this.#phase = 'loading';
    }
    this.#place = { kind: 'end' };
    this.#wantedSessionId = sessionId;
    await this.load();
  }

  async showSession(sessionId: string | null): Promise<void> {
    this.#place = { kind: 'end' };
    await this.#showSession(sessionId);
  }

  edit(text: string): void {
    this.#outgoing.edit(text);
  }

  /** A draft that the backend kept. */
  recall(kept: KeptDraft): void {
    this.#outgoing.recall(kept);
    this.#deps.onChange();
  }

  keepPlace(place: Place): void {
    this.#place = place;
    this.#save();
  }

  /** One sentence about what a person asked for and did not get. */
  report(sentence: string): void {
    this.#problem = sentence;
    this.#save();
    this.#deps.onChange();
  }

  dismissProblem(): void {
    this.#problem = null;
    this.#deps.onChange();
  }

  /** What is typed stays until the backend has it on disk. */
  async send(text: string): Promise<void> {
    if (!this.#agent || text.trim() === '') return;
    const tooLarge = sizeProblem(text);
    if (tooLarge !== null) return this.report(tooLarge);
    this.#problem = null;
    const sent = this.#outgoing.send(text);
    this.#deps.onChange();
    try {
      await sent;
    } catch (error) {
      this.report(sentenceOf(error));
    }
  }

  tellAgent(method: 'agent/start' | 'agent/restart' | 'agent/stop' | 'agent/interrupt' | 'agent/resume'): Promise<void> {
    return this.#act((agent) => this.#deps.host.request(method, { agent }));
  }

  sendNow(promptId: PromptId): Promise<void> {
    return this.#act((agent) => this.#deps.host.request('agent/steer', { agent, promptId }));
  }

  newSession(): Promise<void> {
    return this.#act(async (agent) => {
      const session = await this.#deps.host.request('session/create', { agent });
      if (this.#agent?.id === agent) this.#agent = { ...this.#agent, sessionId: session.id };
      await this.showSession(session.id);
      await this.#loadSessions();
    });
  }

  /** What is written next goes on in that session. */
  resumeSession(session: string): Promise<void> {
    return this.#act(() => this.#resume(session));
  }

  answer(...answer: Parameters<Questions['answer']>): Promise<void> {
    return this.#act(() => this.questions.answer(...answer));
  }

  loadEarlier(pageSize?: number): Promise<void> {
    return this.#feed.loadEarlier(pageSize);
  }

  /** Everything anew: at first, after the connection came back, and when asked to try again. */
  async load(): Promise<void> {
    const agentId = this.#agentId;
    if (!agentId) {
      this.#phase = 'noAgent';
      return this.#deps.onChange();
    }
    this.#problem = null;
    this.#loads += 1;
    const load = this.#loads;
    try {
      const { agents } = await this.#deps.host.request('agent/list', {});
      if (load !== this.#loads) return;
      this.#agent = agents.find(({ id }) => id === agentId) ?? null;
      this.#phase = this.#agent ? 'ready' : 'gone';
      const wanted = this.#wantedSessionId ?? this.#agent?.sessionId ?? null;
      this.#wantedSessionId = null;
      await (wanted === this.sessionId ? this.#feed.refresh() : this.#showSession(wanted));
      await Promise.all([this.#loadSessions(), this.questions.load()]);
    } catch (error) {
      if (this.#connection === 'connected') this.report(sentenceOf(error));
    }
    this.#deps.onChange();
  }

  async #showSession(sessionId: string | null): Promise<void> {
    if (sessionId === this.sessionId) return;
    const shown = this.#feed.show(sessionId);
    this.#deps.host.post({ type: 'showing', agentId: this.#agentId, sessionId });
    this.#save();
    await shown;
  }

  async #give({ promptId, text }: Attempt): Promise<SessionId> {
    const agent = this.#agent;
    if (!agent) throw new Error('There is no agent to send a prompt to.');
    if (this.isEarlierSession && this.sessionId) await this.#resume(this.sessionId);
    const { sessionId } = await this.#deps.host.request('agent/prompt', { agent: agent.id, text, promptId });
    this.#agent = { ...agent, ...this.#agent, sessionId };
    this.#place = { kind: 'end' };
    return sessionId;
  }

  async #accepted(sessionId: SessionId): Promise<void> {
    this.#deps.onChange();
    await this.#showSession(sessionId);
  }

  async #resume(session: string): Promise<void> {
    const resumed = await this.#deps.host.request('session/resume', { session });
    if (this.#agent?.id === resumed.agentId) this.#agent = { ...this.#agent, sessionId: resumed.id };
  }

  #loadSessions(): Promise<void> {
    return this.#sessions.load(this.#agent?.id);
  }

  #agentChanged(agent: Agent): void {
    if (agent.id !== this.#agentId) return;
    const before = this.#agent;
    this.#agent = agent;
    this.#phase = 'ready';
    const followed = this.sessionId === null || this.sessionId === before?.sessionId;
    if (before?.sessionId !== agent.sessionId) {
      if (followed && !this.isSending) void this.#showSession(agent.sessionId);
      void this.#loadSessions().catch(() => undefined);
    }
    this.#deps.onChange();
  }

  #connectionChanged(state: ConnectionState): void {
    const before = this.#connection;
    this.#connection = state;
    if (state === 'connected' && before !== 'connected') void this.load();
    this.#deps.onChange();
  }

  async #act(action: (agentId: string) => Promise<unknown>): Promise<void> {
    if (!this.#agent) return;
    this.#problem = null;
    try {
      await action(this.#agent.id);
    } catch (error) {
      this.report(sentenceOf(error));
    }
    this.#deps.onChange();
  }

  #save(when: 'soon' | 'now' = 'soon'): void {
    const shown = { agentId: this.#agentId, sessionId: this.sessionId, place: this.#place };
    this.#deps.save({ ...shown, ...this.#outgoing.kept }, when);
  }
}
