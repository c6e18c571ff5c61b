/**
 * Starts crashed sidecars again: counts, waits, gives up, and keeps all of it on disk. Of the three rings this is the
 * middle one; who restarts the backend and who restarts an agent's program is decided elsewhere.
 */
import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { Setting } from '../protocol/settings.ts';
import type { SidecarHealth } from '../protocol/supervision.ts';
import type { RecordFile } from '../store/record-file.ts';
import { afterCrash, restartDelayMs, restartRules, type Verdict } from './restart-policy.ts';
import { SupervisionStore } from './supervision-store.ts';

export type RestartsDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly setting: Setting;
  readonly clock: Clock;
  /** Brings the agent up, its session resumed. Rejects when that fails, a crash on the way included. */
  readonly restart: (id: AgentId) => Promise<void>;
  /** What waited for the restart may be tried. */
  readonly goOn: (id: AgentId) => void;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export type DecidedRestart = { readonly agentId: AgentId; readonly verdict: Verdict; readonly lastError: string };

/** Times are the clock's `elapsed`. */
type Supervised = {
  health: SidecarHealth;
  attempts: number;
  stableCrashes: readonly number[];
  upSince: number | undefined;
  retryDue: number | undefined;
  /** Ends the wait for the next start, or for the run to count as a good one. */
  callOff: () => void;
};

type Audited = Pick<AuditEntry, 'event' | 'detail'>;

const healthy: SidecarHealth = { state: 'healthy' };
const ring = 'sidecar';

export class Restarts {
  /** The health of an agent's sidecar changed. */
  readonly changed = new Emitter<AgentId>();
  /** After a crash: what is done about it, on disk already. */
  readonly decided = new Emitter<DecidedRestart>();
  readonly #deps: RestartsDeps;
  readonly #store: SupervisionStore;
  readonly #agents = new Map<AgentId, Supervised>();

  constructor(deps: RestartsDeps) {
    this.#deps = deps;
    this.#store = new SupervisionStore(deps.file.db);
    const { clock } = deps;
    for (const { agentId, health, attempts, crashedAt } of this.#store.all()) {
      const stableCrashes = crashedAt.map((at) => clock.elapsed() - Math.max(0, clock.now() - at));
      this.#agents.set(agentId, { ...unknown(), health, attempts, stableCrashes });
    }
  }

  health(id: AgentId): SidecarHealth {
    return this.#agents.get(id)?.health ?? healthy;
  }

  /** Whether a restart is due or there will be none: nothing else may start the agent. */
  holdsBack(id: AgentId): boolean {
    return this.health(id).state !== 'healthy';
  }

  /** Until the next start; 0 when none is waited for. */
  waitMs(id: AgentId): number {
    const due = this.#agents.get(id)?.retryDue;
    return due === undefined ? 0 : Math.max(0, due - this.#deps.clock.elapsed());
  }

  /** Goes on with the waits that an earlier backend began. However the time was set meanwhile, none gets longer. */
  resume(): void {
    const rules = restartRules(this.#deps.setting);
    for (const [id, { health }] of this.#agents) {
      if (health.state !== 'restarting') continue;
      const leftMs = Math.max(0, health.nextRetryAt - this.#deps.clock.now());
      this.#waitFor(id, Math.min(leftMs, restartDelayMs(health.attempt, rules)));
    }
  }

  /** A sidecar greeted, for the first time or again; `ageMs` is how long it had run before this backend knew it. */
  cameUp(id: AgentId, ageMs: number): void {
    const agent = this.#known(id);
    if (agent.upSince !== undefined) return;
    const { clock, setting } = this.#deps;
    agent.callOff();
    agent.upSince = clock.elapsed() - Math.max(0, ageMs);
    agent.retryDue = undefined;
    const leftMs = restartRules(setting).stableMs - Math.max(0, ageMs);
    agent.callOff = agent.attempts > 0 ? clock.after(Math.max(0, leftMs), () => this.#becameStable(id)) : () => {};
    if (agent.health.state !== 'healthy') this.#change(id, { health: healthy });
  }

  /** It crashed while it ran or came up. */
  crashed(id: AgentId, lastError: string): void {
    const { clock, setting } = this.#deps;
    const agent = this.#known(id);
    const now = clock.elapsed();
    const history = { attempts: agent.attempts, stableCrashAgesMs: agent.stableCrashes.map((at) => now - at) };
    const verdict = afterCrash(history, agent.upSince === undefined ? 0 : now - agent.upSince, restartRules(setting));
    agent.callOff();
    agent.upSince = undefined;
    agent.attempts = verdict.history.attempts;
    agent.stableCrashes = verdict.history.stableCrashAgesMs.map((ageMs) => now - ageMs);
    if (verdict.action === 'restart') this.#waitFor(id, verdict.delayMs);
    this.#tell(id, verdict, lastError);
    this.decided.emit({ agentId: id, verdict, lastError });
  }

  /** It ended in order, or nobody saw how. What was counted stays. */
  wentDown(id: AgentId): void {
    const agent = this.#agents.get(id);
    if (!agent || agent.upSince === undefined) return;
    agent.callOff();
    agent.upSince = undefined;
  }

  /** A person wants it started or stopped: nothing of before counts any more. */
  reset(id: AgentId): void {
    const agent = this.#agents.get(id);
    if (!agent) return;
    agent.callOff();
    agent.retryDue = undefined;
    if (agent.health.state !== 'healthy' || agent.attempts > 0 || agent.stableCrashes.length > 0) {
      this.#change(id, { health: healthy, attempts: 0, stableCrashes: [] });
    }
  }

  forget(id: AgentId): void {
    this.#agents.get(id)?.callOff();
    this.#agents.delete(id);
    this.#keep(id, () => this.#store.remove(id));
  }

  /** Starts nothing any more; the next backend goes on. */
  close(): void {
    for (const agent of this.#agents.values()) agent.callOff();
  }

  #waitFor(id: AgentId, delayMs: number): void {
    const { clock } = this.#deps;
    const agent = this.#known(id);
    agent.callOff();
    agent.retryDue = clock.elapsed() + delayMs;
    agent.callOff = clock.after(delayMs, () => void this.#retry(id, agent));
  }

  /** What fails without a crash has told its own reason, and does not hold back what comes next. */
  async #retry(id: AgentId, agent: Supervised): Promise<void> {
    const { health } = agent;
    agent.retryDue = undefined;
    try {
      await this.#deps.restart(id);
    } catch (err) {
      this.#deps.log('an agent was not brought up again', { ring, agentId: id, err });
    }
    if (this.#agents.get(id) !== agent || agent.health !== health) return;
    this.#change(id, { health: healthy });
    this.#deps.goOn(id);
  }

  #becameStable(id: AgentId): void {
    this.#change(id, { attempts: 0 });
  }

  #tell(id: AgentId, verdict: Verdict, lastError: string): void {
    const { clock, log, setting } = this.#deps;
    if (verdict.action === 'restart') {
      const { attempt, delayMs } = verdict;
      const detail = { ring, attempt, maxAttempts: setting('supervisor.maxAttempts'), delayMs, lastError };
      log('the backend restarts a sidecar that crashed', { agentId: id, ...detail });
      const health: SidecarHealth = { state: 'restarting', attempt, nextRetryAt: clock.now() + delayMs, lastError };
      return this.#change(id, { health }, { event: 'agent_restarting', detail });
    }
    const { attempts, reason } = verdict;
    const detail = { ring, attempts, reason, lastError };
    log('the backend gives up on a sidecar that crashes', { agentId: id, ...detail });
    this.#change(id, { health: { state: 'failed', attempts, lastError, reason } }, { event: 'agent_failed', detail });
  }

  #change(id: AgentId, change: Partial<Supervised>, audited?: Audited): void {
    const { clock, audit } = this.#deps;
    const { health, attempts, stableCrashes } = Object.assign(this.#known(id), change);
    const crashedAt = stableCrashes.map((at) => Math.round(clock.now() - (clock.elapsed() - at)));
    this.#keep(id, () => {
      this.#store.put({ agentId: id, health, attempts, crashedAt });
      if (audited) audit.append({ at: clock.now(), agentId: id, actor: 'backend', ...audited });
    });
    this.changed.emit(id);
  }

  /** A disk that is full does not keep an agent from coming back. */
  #keep(id: AgentId, write: () => void): void {
    try {
      this.#deps.file.write(write);
    } catch (err) {
      this.#deps.log('how often a sidecar was restarted cannot be kept', { ring, agentId: id, err });
    }
  }

  #known(id: AgentId): Supervised {
    const known = this.#agents.get(id) ?? unknown();
    this.#agents.set(id, known);
    return known;
  }
}

function unknown(): Supervised {
  return { health: healthy, attempts: 0, stableCrashes: [], upSince: undefined, retryDue: undefined, callOff: () => {} };
}
