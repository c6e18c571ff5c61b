/** The wake scheduler over a real file, on a clock that a test moves; the queue of prompts and the agents are played. */
import { newId } from '../../server/base/uuid.ts';
import type { AgentId, PromptId } from '../../server/protocol/ids.ts';
import type { AgentProfile } from '../../server/protocol/team.ts';
import type { Wake } from '../../server/protocol/wake.ts';
import type { WakeFacts } from '../../server/wake/wake-facts.ts';
import { type WakePrompt, Wakes, type WakesDeps } from '../../server/wake/wakes.ts';
import { FakeClock } from './fake-clock.ts';
import { agentProfile, wakeFacts } from './team-samples.ts';
import { TestStores } from './test-stores.ts';

type PromptState = 'queued' | 'sent' | 'dropped';

export class WakesWorld {
  readonly kept = new TestStores();
  readonly clock = new FakeClock();
  readonly managers: AgentProfile[] = [];
  readonly busy = new Set<AgentId>();
  readonly mayNot = new Set<AgentId>();
  /** Those whose team cannot be read. */
  readonly unreadable = new Set<AgentId>();
  readonly logged: string[] = [];
  readonly told: Wake[] = [];
  /** In the order they were given; the queue of the agents, which outlives a backend. */
  readonly given: (WakePrompt & { readonly agentId: AgentId; readonly atMs: number })[] = [];
  readonly prompts = new Map<PromptId, PromptState>();
  facts: WakeFacts = wakeFacts();
  /** What handing over a wake does first; by default it works. */
  beforeGive: () => void = () => {};
  mayFollow: WakesDeps['mayFollow'] = () => true;
  wakes = this.#build();

  add(fields: Partial<AgentProfile> = {}): AgentId {
    const agentId = newId<AgentId>();
    this.managers.push(agentProfile({ role: 'manager', tier: 1, wakeStrategy: 'persistent', ...fields, agentId }));
    return agentId;
  }

  configure(id: AgentId, fields: Partial<AgentProfile>): void {
    const at = this.managers.findIndex(({ agentId }) => agentId === id);
    this.managers.splice(at, 1, agentProfile({ ...this.managers[at], ...fields }));
  }

  advanceMin(minutes: number): void {
    this.clock.advance(minutes * 60_000);
  }

  /** The agent begins its next wake; it works until it ends. */
  begins(id: AgentId): void {
    const waiting = this.given.find((wake) => wake.agentId === id && this.prompts.get(wake.id) === 'queued');
    if (!waiting) throw new Error('no wake waits');
    this.prompts.set(waiting.id, 'sent');
    this.busy.add(id);
    this.kept.stores.btmsg.write(() => this.wakes.turnStarted(id, [waiting.id]));
  }

  ends(id: AgentId, reason: Parameters<Wakes['turnEnded']>[1] = 'completed'): void {
    this.kept.stores.btmsg.write(() => this.wakes.turnEnded(id, reason));
    this.busy.delete(id);
  }

  /** From now on each wake is worked on at once and without taking time. */
  worksAtOnce(): void {
    const add = this.given.push.bind(this.given);
    this.given.push = (...prompts) => {
      const length = add(...prompts);
      for (const { agentId } of prompts) {
        // The scheduler has not returned from giving it: the agent begins as soon as that is done.
        this.clock.after(0, () => {
          this.begins(agentId);
          this.ends(agentId);
        });
      }
      return length;
    };
  }

  states(id?: AgentId): string[] {
    return this.wakes.list(id ?? null, 1000).map(({ state }) => state);
  }

  /** The backend was killed, and another one begins after so long. */
  nextBackend(afterMin = 0): void {
    this.wakes.close();
    this.advanceMin(afterMin);
    this.kept.reopenAfterKill();
    this.wakes = this.#build();
    this.wakes.start();
  }

  remove(): void {
    this.wakes.close();
    this.kept.remove();
  }

  #build(): Wakes {
    const { btmsg: file, audit } = this.kept.stores;
    const wakes = new Wakes({
      ...{ file, audit, clock: this.clock },
      managers: () => this.managers,
      profile: (id) => this.managers.find(({ agentId }) => agentId === id) ?? agentProfile({ agentId: id }),
      facts: (id) => this.#factsOf(id),
      mayWake: (id) => !this.mayNot.has(id),
      isBusy: (id) => this.busy.has(id),
      mayFollow: (wake, before) => this.mayFollow(wake, before),
      giveWake: (agentId, prompt) => this.#give(agentId, prompt),
      promptState: (id) => this.prompts.get(id),
      log: (message) => void this.logged.push(message),
    });
    wakes.changed.on((wake) => void this.told.push(wake));
    return wakes;
  }

  #factsOf(id: AgentId): WakeFacts {
    if (this.unreadable.has(id)) throw new Error('the board cannot be read');
    return this.facts;
  }

  #give(agentId: AgentId, prompt: WakePrompt): void {
    this.beforeGive();
    if (this.prompts.has(prompt.id)) return;
    this.prompts.set(prompt.id, 'queued');
    this.given.push({ ...prompt, agentId, atMs: this.clock.elapsed() });
  }
}
