/** Hands another value of a secret to the agents that use it. None is stopped for it; one that waits for a key goes on. */
import type { SecretHolder } from '../protocol/secret.ts';
import type { AgentRegistry } from './agent-registry.ts';
import type { AgentWorker } from './agent-worker.ts';

type Parts = {
  readonly registry: AgentRegistry;
  readonly worker: (id: SecretHolder['agentId']) => AgentWorker;
};

export function handOver(parts: Parts, name: string, value: string): Promise<SecretHolder[]> {
  return toEach(parts, name, (worker, variables) => {
    // Nothing is lost with a program whose key was refused.
    const restart = worker.keys.lacking !== undefined;
    return worker.keys.use(Object.fromEntries(variables.map((variable) => [variable, value])), { restart });
  });
}

/** Those with the old value still get a new start, once they are idle. */
export function restartHolders(parts: Parts, name: string): Promise<SecretHolder[]> {
  return toEach(parts, name, (worker) => worker.keys.use({}, { restart: true }));
}

type Step = (worker: AgentWorker, variables: readonly string[]) => Promise<SecretHolder['takes']>;

function toEach({ registry, worker }: Parts, name: string, step: Step): Promise<SecretHolder[]> {
  const holders = registry.all().flatMap(({ id, name: agent, secretUses }) => {
    const variables = secretUses.filter(({ secret }) => secret === name).map(({ variable }) => variable);
    return variables.length === 0 ? [] : [{ agentId: id, agent, variables }];
  });
  return Promise.all(
    holders.map(async ({ agentId, agent, variables }) => {
      const takes = await step(worker(agentId), variables);
      worker(agentId).deliver();
      return { agentId, agent, takes };
    }),
  );
}
