/** Events that backends refused for good, for a person to see and to have tried once more. */
import type { AuditLog } from '../audit/audit-log.ts';
import { AgorError } from '../protocol/errors.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { OutboxReport, PoisonedEvent } from '../protocol/outbox.ts';
import type { AppendAnswer, SidecarMethod, SidecarParams, SidecarResult } from '../protocol/sidecar-wire.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { Run } from './supervisor.ts';

/** Takes events as a sidecar sends them, in their order, and answers as to one. */
export type TakeEvents = (sent: readonly unknown[]) => AppendAnswer;

/** The outbox of an agent whose sidecar does not run, as its file. Each throws `storage` when a sidecar holds it. */
export type OutboxFiles = {
  /** Hands over what waits, by the rules that a sidecar keeps. */
  collect(agentId: AgentId, take: TakeEvents): { readonly poisonedCount: number };
  report(agentId: AgentId, afterSeq: number | undefined): OutboxReport;
  requeue(agentId: AgentId, keys: readonly string[] | undefined): number;
};

export type OutboxesDeps = {
  readonly agentIdOf: (reference: string) => AgentId;
  readonly run: (id: AgentId) => Run | undefined;
  readonly files: OutboxFiles;
  /** Takes in what waits in the file, of an agent whose sidecar does not run. */
  readonly collect: (id: AgentId) => void;
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly now: () => number;
};

/** The audit row of a requeue names so many at most, and always how many there were. */
const namedKeys = 100;

export class Outboxes {
  readonly #deps: OutboxesDeps;

  constructor(deps: OutboxesDeps) {
    this.#deps = deps;
  }

  async show(reference: string, afterSeq: number | undefined): Promise<OutboxReport> {
    return this.#report(this.#deps.agentIdOf(reference), afterSeq);
  }

  /** They go again as new ones do, behind all others, but each has its effect once at most. Returns how many. */
  async requeue(reference: string, keys: readonly string[] | undefined, actor: string): Promise<number> {
    const id = this.#deps.agentIdOf(reference);
    const chosen = chosenOf(await this.#refused(id), keys);
    if (chosen.length === 0) return 0;
    this.#record(id, chosen, actor);
    if (this.#deps.run(id)) return (await this.#ask(id, 'run/requeue', { keys: chosen })).requeued;
    const requeued = this.#deps.files.requeue(id, chosen);
    this.#deps.collect(id);
    return requeued;
  }

  async #refused(id: AgentId): Promise<PoisonedEvent[]> {
    const events: PoisonedEvent[] = [];
    for (;;) {
      const { poisoned } = await this.#report(id, events.at(-1)?.seq);
      if (poisoned.length === 0) return events;
      events.push(...poisoned);
    }
  }

  async #report(id: AgentId, afterSeq: number | undefined): Promise<OutboxReport> {
    if (!this.#deps.run(id)) return this.#deps.files.report(id, afterSeq);
    return this.#ask(id, 'run/outbox', afterSeq === undefined ? {} : { afterSeq });
  }

  async #ask<M extends SidecarMethod>(id: AgentId, method: M, params: SidecarParams<M>): Promise<SidecarResult<M>> {
    const link = this.#deps.run(id)?.link;
    if (!link) throw new AgorError('unavailable', "The agent's sidecar is away for a moment. Try again when it is back.");
    return link.request(method, params);
  }

  #record(agentId: AgentId, keys: readonly string[], actor: string): void {
    const { file, audit, now } = this.#deps;
    const detail = { count: keys.length, keys: keys.slice(0, namedKeys) };
    file.write(() => audit.append({ at: now(), event: 'event_requeued', agentId, actor, detail }));
  }
}

function chosenOf(events: readonly PoisonedEvent[], keys: readonly string[] | undefined): string[] {
  const known = new Map(events.map((event) => [event.key, event]));
  const missing = keys?.find((key) => !known.has(key));
  if (missing !== undefined) throw new AgorError('notFound', `No event ${missing} was set aside. See which were: agor outbox list.`);
  const chosen = keys ? keys.flatMap((key) => known.get(key) ?? []) : events;
  const damaged = keys && chosen.find(({ reason }) => reason === 'damaged');
  if (damaged) throw new AgorError('refused', `The event ${damaged.key} was damaged on the disk and cannot be sent. It can be exported.`);
  return chosen.filter(({ reason }) => reason !== 'damaged').map(({ key }) => key);
}
