/** The agents that can be added, and whether each is installed on this machine. */
import * as z from 'zod/mini';
import { Provider } from './agent.ts';
import { agentKinds } from './agent-kinds.ts';

export const AgentKind = z.enum(agentKinds);
export const Known = z.enum(['yes', 'no', 'notTried']);

export const Installation = z.discriminatedUnion('state', [
  /** `version` is null for a program that does not say, or not soon. `onPath` is false in a usual place beyond the PATH. */
  z.object({ state: z.literal('installed'), file: z.string(), version: z.nullable(z.string()), onPath: z.boolean() }),
  z.object({ state: z.literal('missing') }),
  /** Agents can write where it lies, so that it was not run to ask for its version. */
  z.object({ state: z.literal('writable'), file: z.string() }),
  /** Ours, or the person's to name: there is nothing to look for. */
  z.object({ state: z.literal('builtIn') }),
]);
export type Installation = z.infer<typeof Installation>;

export const CatalogueEntry = z.object({
  kind: AgentKind,
  name: z.string(),
  provider: Provider,
  /** For `agent/add`; empty where the provider knows its own program, or the person names one. */
  command: z.array(z.string()),
  installation: Installation,
  install: z.nullable(z.string()),
  login: z.nullable(z.string()),
  keys: z.array(z.string()),
  traits: z.object({ tokens: Known, cost: Known, asks: Known, interrupt: Known, resume: Known, errors: Known, retries: Known }),
  /** The version that this was measured with. */
  triedWith: z.nullable(z.string()),
});
export type CatalogueEntry = z.infer<typeof CatalogueEntry>;

export const catalogueRequests = {
  /** `path` is the PATH of whoever asks, which is the one that the agent gets. */
  'catalogue/list': { params: z.object({ path: z.optional(z.string()) }), result: z.object({ entries: z.array(CatalogueEntry) }) },
} as const;
