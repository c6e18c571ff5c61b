/** Which feature answers what a person asks during an incident. */
import type { Capabilities } from '../capabilities/capabilities.ts';
import type { Caller, Handlers } from '../dispatch.ts';
import type { IncidentMode } from '../incident/incident-mode.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { NotEnded } from '../protocol/incident.ts';
import { incidentMinutes } from '../protocol/incident-requests.ts';
import type { Params } from '../protocol/requests.ts';

export type Containment = {
  readonly capabilities: Capabilities;
  readonly incident: IncidentMode;
  /** Ends the programs whose fence is wider than it is to be. */
  readonly endWide: () => Promise<{ readonly ended: number; readonly notEnded: NotEnded[] }>;
};

const minuteMs = 60_000;

type Of<Feature extends string> = Pick<Handlers, Extract<keyof Handlers, `${Feature}/${string}`>>;
type Parts = Containment & { readonly agentIdOf: (reference: string) => AgentId };

export function containmentHandlers({ capabilities, incident, endWide, agentIdOf }: Parts): Of<'capability'> & Of<'incident'> {
  const changeOf = ({ capabilities, reason = '' }: Params<'capability/grant'>, { kind: actor }: Caller) => ({
    capabilities,
    reason,
    actor,
  });
  return {
    'capability/list': ({ agent }) => capabilities.list(agentIdOf(agent)),
    'capability/revoke': (params, caller) => capabilities.revoke(agentIdOf(params.agent), changeOf(params, caller)),
    'capability/grant': (params, caller) => capabilities.grant(agentIdOf(params.agent), changeOf(params, caller)),
    'incident/begin': async ({ forMinutes = incidentMinutes.usual, reason = '' }, { kind: actor }) => {
      const begun = incident.begin({ forMs: forMinutes * minuteMs, reason, actor });
      return { incident: begun, ...(await endWide()) };
    },
    'incident/end': (_, { kind }) => ({ wasOn: incident.end(kind) }),
    'incident/show': () => ({ incident: incident.current }),
  };
}
