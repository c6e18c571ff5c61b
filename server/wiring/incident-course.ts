/** What incident mode does to agents: a fence cannot be made narrower from outside, so what runs is ended and started anew. */
import type { AgentsFeature } from '../agents/compose.ts';
import type { Run, Supervisor } from '../agents/supervisor.ts';
import type { Containment } from '../handlers/containment-handlers.ts';
import type { IncidentMode } from '../incident/incident-mode.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { NotEnded } from '../protocol/incident.ts';

export type IncidentParts = {
  readonly incident: IncidentMode;
  readonly supervisor: Supervisor;
  readonly agents: AgentsFeature;
  readonly agentName: (id: AgentId) => string;
  readonly warn: (message: string, fields: Record<string, unknown>) => void;
};

/** Also those that come up or come back meanwhile: an earlier backend may have ended between the two steps. */
export function keepNarrow({ incident, supervisor, agents, warn }: Omit<IncidentParts, 'agentName'>): void {
  supervisor.attached.on((run) => {
    if (incident.current === null || isNarrow(run) || run.isStopping) return;
    const { agentId } = run.record;
    agents.renew(agentId).catch((err: unknown) => warn('a program with a wide fence was not ended', { agentId, err }));
  });
}

export async function endWide({ supervisor, agents, agentName }: IncidentParts): ReturnType<Containment['endWide']> {
  const ids = supervisor.runs().flatMap((run) => (isNarrow(run) ? [] : [run.record.agentId]));
  const ends = await Promise.allSettled(ids.map((id) => agents.renew(id)));
  const notEnded = ends.flatMap((end, index): NotEnded[] => {
    const id = ids[index];
    if (end.status === 'fulfilled' || id === undefined) return [];
    return [{ agent: agentName(id), why: end.reason instanceof Error ? end.reason.message : String(end.reason) }];
  });
  return { ended: ids.length - notEnded.length, notEnded };
}

function isNarrow({ record }: Run): boolean {
  return record.sandbox?.isTightened === true;
}
