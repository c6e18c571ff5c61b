/** What an agent may ask the backend for, in groups that a person can take from it and give back. */
import * as z from 'zod/mini';
import { AgentId } from './ids.ts';

export const Capability = z.enum([
  'send-messages',
  'use-channels',
  'read-mail',
  'read-histories',
  'see-team',
  'read-tasks',
  'add-tasks',
  'change-tasks',
  'manage-team',
  'be-woken',
]);
export type Capability = z.infer<typeof Capability>;

/** In a few words, after "it may". */
export const capabilityMeanings: Readonly<Record<Capability, string>> = {
  'send-messages': 'write messages to agents and to the person',
  'use-channels': 'write in channels, read them and make them',
  'read-mail': 'be given mail, which also starts it, and read its inbox',
  'read-histories': 'read earlier conversations, and as a manager all of its team',
  'see-team': 'see who is in its team, and how they are',
  'read-tasks': 'see the board',
  'add-tasks': 'add tasks to the board',
  'change-tasks': 'edit, assign, move, comment and remove tasks',
  'manage-team': 'register agents and allow contacts',
  'be-woken': 'be woken by the schedule',
};

/** `notInRole`: its role does not have it, whatever a person grants. */
export const CapabilityState = z.enum(['granted', 'revoked', 'notInRole']);
export type CapabilityState = z.infer<typeof CapabilityState>;

export const HeldCapability = z.object({
  capability: Capability,
  state: CapabilityState,
  /** Of the revocation; null for what is not revoked. */
  revokedAt: z.nullable(z.number()),
  reason: z.string(),
});
export type HeldCapability = z.infer<typeof HeldCapability>;

export const AgentCapabilities = z.object({ agentId: AgentId, capabilities: z.array(HeldCapability) });
export type AgentCapabilities = z.infer<typeof AgentCapabilities>;
