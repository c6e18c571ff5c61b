/** What a person may ask about the capabilities of agents; no agent and no assistant may. */
import * as z from 'zod/mini';
import { AgentCapabilities, Capability } from './capability.ts';
import { limits } from './errors.ts';
import { Reference } from './ids.ts';

const reason = z.optional(z.string().check(z.trim(), z.maxLength(limits.reasonChars)));
const change = z.object({ agent: Reference, capabilities: z.array(Capability).check(z.minLength(1), z.maxLength(100)), reason });

export const capabilityRequests = {
  'capability/list': { params: z.object({ agent: Reference }), result: AgentCapabilities },
  /** Has its effect on what the agent asks for next. One that is revoked already stays as it is. */
  'capability/revoke': { params: change, result: AgentCapabilities },
  /** Takes a revocation back; `refused` for what the agent's role does not have. All or nothing. */
  'capability/grant': { params: change, result: AgentCapabilities },
} as const;
