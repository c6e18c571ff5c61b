/** When each agent was last heard: by the command that says so, or because it wrote something. */
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../base/clock.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { Setting } from '../protocol/settings.ts';
import type { RecordFile } from '../store/record-file.ts';
import { type HeartbeatRow, HeartbeatStore, type UpStatus } from './heartbeat-store.ts';

export type HeartbeatsDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly setting: Setting;
  /** Whether the agent has something to do, so that its silence means something. */
  readonly shouldBeUp: (id: AgentId) => boolean;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/** Moments but `writtenAt` are the clock's `elapsed`. */
type Pulse = {
  /** As it is on disk, in epoch milliseconds; null before the first beat. */
  writtenAt: number | null;
  status: UpStatus;
  heardAt: number;
  keptAt: number;
  auditedAt: number;
};

/** On disk, and in the audit log, a beat stands for all of this time. */
const keepEveryMs = 30_000;

export class Heartbeats {
  readonly #deps: HeartbeatsDeps;
  readonly #store: HeartbeatStore;
  readonly #pulses = new Map<AgentId, Pulse>();

  constructor(deps: HeartbeatsDeps) {
    this.#deps = deps;
    this.#store = new HeartbeatStore(deps.file.db);
    // How long ago that was is the wall clock's word, which may have been set since: silence is counted from now on.
    for (const { agentId, lastHeartbeat, status } of this.#store.all()) {
      this.#pulses.set(agentId, { ...this.#unheard(), writtenAt: lastHeartbeat, status });
    }
  }

  /** By the agent's own command. Throws when the disk does not take it. */
  beat(agentId: AgentId): { at: number } {
    const { file, audit, clock } = this.#deps;
    const at = clock.now();
    const pulse = this.#heard(agentId);
    if (clock.elapsed() - pulse.auditedAt < keepEveryMs) return { at };
    file.write(() => {
      this.#store.put({ agentId, lastHeartbeat: at, status: pulse.status });
      audit.append({ at, event: 'heartbeat', agentId, actor: 'agent', detail: { status: pulse.status } });
    });
    Object.assign(pulse, { writtenAt: at, keptAt: clock.elapsed(), auditedAt: clock.elapsed() });
    return { at };
  }

  /** It wrote or did something, which is as good as a beat. */
  onOutput(agentId: AgentId): void {
    const pulse = this.#heard(agentId);
    if (this.#deps.clock.elapsed() - pulse.keptAt >= keepEveryMs) this.#keep(agentId, pulse);
  }

  /** Became active: it has its time to be heard for the first time. */
  setStatus(agentId: AgentId, status: UpStatus): void {
    const pulse = this.#known(agentId);
    if (pulse.status === status) return;
    pulse.status = status;
    if (status === 'active') pulse.heardAt = this.#deps.clock.elapsed();
    if (pulse.writtenAt !== null) this.#attempt(agentId, () => this.#store.put(rowOf(agentId, pulse)));
  }

  /** In epoch milliseconds, to half a minute; null when it was never heard. */
  lastAt(agentId: AgentId): number | null {
    return this.#pulses.get(agentId)?.writtenAt ?? null;
  }

  /** It should be up, and was not heard for longer than the settings allow. */
  isStale(agentId: AgentId): boolean {
    const { clock, setting, shouldBeUp } = this.#deps;
    const { heardAt } = this.#known(agentId);
    return shouldBeUp(agentId) && clock.elapsed() - heardAt >= setting('messages.staleAfterSec') * 1_000;
  }

  forget(agentId: AgentId): void {
    this.#pulses.delete(agentId);
    this.#attempt(agentId, () => this.#store.remove(agentId));
  }

  #heard(agentId: AgentId): Pulse {
    return Object.assign(this.#known(agentId), { heardAt: this.#deps.clock.elapsed() });
  }

  #keep(agentId: AgentId, pulse: Pulse): void {
    Object.assign(pulse, { writtenAt: this.#deps.clock.now(), keptAt: this.#deps.clock.elapsed() });
    this.#attempt(agentId, () => this.#store.put(rowOf(agentId, pulse)));
  }

  /** That a beat cannot be kept is no reason to take nothing in of what the agent did. */
  #attempt(agentId: AgentId, write: () => void): void {
    try {
      this.#deps.file.write(write);
    } catch (err) {
      this.#deps.log('a heartbeat cannot be kept', { agentId, err });
    }
  }

  #known(agentId: AgentId): Pulse {
    const known = this.#pulses.get(agentId) ?? this.#unheard();
    this.#pulses.set(agentId, known);
    return known;
  }

  #unheard(): Pulse {
    const never = Number.NEGATIVE_INFINITY;
    return { writtenAt: null, status: 'active', heardAt: this.#deps.clock.elapsed(), keptAt: never, auditedAt: never };
  }
}

function rowOf(agentId: AgentId, { writtenAt, status }: Pulse): HeartbeatRow {
  return { agentId, lastHeartbeat: writtenAt ?? 0, status };
}
