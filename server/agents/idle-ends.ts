/** Looks again and again for agents that sit there with nothing to do, and lets them sleep. */
import { readFileSync } from 'node:fs';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../base/clock.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { Setting } from '../protocol/settings.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { AgentRegistry } from './agent-registry.ts';
import type { AgentWorker } from './agent-worker.ts';
import type { Approvals } from './approvals.ts';
import { agentsToEnd, availableMemory, type Ending } from './idle-policy.ts';
import type { PromptQueue } from './prompt-queue.ts';
import { sleepReason } from './run-ends.ts';
import type { Sessions } from './sessions.ts';

export type IdleEndsDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly registry: AgentRegistry;
  readonly sessions: Sessions;
  readonly approvals: Approvals;
  readonly prompts: PromptQueue;
  readonly worker: (id: AgentId) => AgentWorker;
  readonly clock: Clock;
  readonly setting: Setting;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

const lookEveryMs = 15_000;
const minuteMs = 60_000;

export class IdleEnds {
  readonly #deps: IdleEndsDeps;
  readonly #memory: () => number | undefined;
  /** When something about the agent last changed, on the clock's `elapsed`. */
  readonly #touched = new Map<AgentId, number>();
  #relievedAt = Number.NEGATIVE_INFINITY;
  #callOff: () => void = () => {};

  /** `memory`: how much can still be had, as a share of all; undefined where nobody says. */
  constructor(deps: IdleEndsDeps, memory = systemMemory) {
    this.#deps = deps;
    this.#memory = memory;
  }

  /** Something happened with the agent: it is not idle, or has become so only now. */
  touch(id: AgentId): void {
    this.#touched.set(id, this.#deps.clock.elapsed());
  }

  forget(id: AgentId): void {
    this.#touched.delete(id);
  }

  start(): void {
    this.#callOff = this.#deps.clock.after(lookEveryMs, () => {
      this.start();
      this.look();
    });
  }

  close(): void {
    this.#callOff();
  }

  look(): void {
    const { clock, setting, registry } = this.#deps;
    const now = clock.elapsed();
    const idle = registry
      .all()
      .filter(({ id }) => this.#isIdle(id))
      .map(({ id }) => ({ id, idleMs: now - this.#touchedAt(id, now) }));
    const sinceRelievedMs = now - this.#relievedAt;
    const rules = { idleMs: setting('agent.idleMinutes') * minuteMs, availableMemory: this.#memory(), sinceRelievedMs };
    for (const ending of agentsToEnd(idle, rules)) {
      if (ending.because === 'memory') this.#relievedAt = now;
      void this.#letSleep(ending);
    }
  }

  /** Its program runs and nobody waits for it: no turn, no question, no prompt, no work in the background. */
  #isIdle(id: AgentId): boolean {
    const { worker, approvals, prompts, sessions } = this.#deps;
    const { isBusy, status } = worker(id);
    if (isBusy || !status.isUp || status.isStarting) return false;
    return prompts.count(id) === 0 && approvals.openOf(id).length === 0 && sessions.openToolCount(id) === 0;
  }

  async #letSleep({ id, idleMs, because }: Ending): Promise<void> {
    const { file, audit, worker, clock, log } = this.#deps;
    this.touch(id);
    try {
      const detail = { because, idleMs: Math.round(idleMs) };
      file.write(() => audit.append({ at: clock.now(), event: 'agent_slept', agentId: id, actor: 'backend', detail }));
      // Not held back: its mail wakes it as its next prompt does.
      await worker(id).renew(sleepReason);
    } catch (err) {
      log('an idle agent was not ended', { agentId: id, err });
    }
  }

  #touchedAt(id: AgentId, now: number): number {
    const at = this.#touched.get(id) ?? now;
    this.#touched.set(id, at);
    return at;
  }
}

function systemMemory(): number | undefined {
  try {
    return availableMemory(readFileSync('/proc/meminfo', 'utf8'));
  } catch {
    // Not Linux.
    return undefined;
  }
}
