/** What an agent's fence is during an incident: nothing of the person's is written, and only its model is spoken with. */
import type { Provider } from '../protocol/agent.ts';
import type { SandboxPlan } from '../protocol/sandbox.ts';
import { endpointPorts } from '../sandbox/endpoint-ports.ts';

type Fenced = { readonly provider: Provider; readonly environment: Readonly<Record<string, string>> };

const usualModelPort = 443;

export function tightenedPlan(plan: SandboxPlan, agent: Fenced): SandboxPlan {
  return {
    mode: 'required',
    network: plan.network === 'none' ? 'none' : 'ports',
    ports: modelPorts(agent),
    readWritePaths: [],
    readOnlyPaths: [...plan.readOnlyPaths, ...plan.readWritePaths],
    isTightened: true,
  };
}

/** Where the environment names an endpoint or a proxy, that is the way to the model. */
function modelPorts({ provider, environment }: Fenced): number[] {
  if (provider === 'demo') return [];
  const named = endpointPorts(environment);
  return named.length > 0 ? [...new Set(named)] : [usualModelPort];
}
