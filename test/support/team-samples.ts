/** Agents of a team and what they have used, short to write, for tests. */
import { newId } from '../../server/base/uuid.ts';
import type { Usage } from '../../server/protocol/agent-event.ts';
import { type AgentId, TeamId } from '../../server/protocol/ids.ts';
import type { AgentProfile } from '../../server/protocol/team.ts';

export const shopTeam = TeamId.parse('shop');

export function agentProfile(fields: Partial<AgentProfile> = {}): AgentProfile {
  return {
    agentId: newId<AgentId>(),
    role: 'project',
    tier: 2,
    teamId: shopTeam,
    memberKey: null,
    description: '',
    systemPrompt: '',
    wakeStrategy: null,
    wakeIntervalMin: 3,
    wakeThreshold: 0.5,
    stallThresholdMin: 15,
    autonomousMode: 'restricted',
    enabled: true,
    ...fields,
  };
}

export function usage(fields: Partial<Usage> = {}): Usage {
  return {
    inputTokens: null,
    outputTokens: null,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    contextTokens: null,
    contextWindowTokens: null,
    costUsd: null,
    ...fields,
  };
}
