/** Agents of a team and what they have used, short to write, for tests. */
import { newId } from '../../server/base/uuid.ts';
import type { Usage } from '../../server/protocol/agent-event.ts';
import { type AgentId, type PromptId, TeamId, type WakeId } from '../../server/protocol/ids.ts';
import type { AgentProfile } from '../../server/protocol/team.ts';
import type { FleetAgent, WakeFacts } from '../../server/wake/wake-facts.ts';
import type { WakeRecord } from '../../server/wake/wake-store.ts';

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

export function fleetAgent(fields: Partial<FleetAgent> = {}): FleetAgent {
  return {
    agentId: newId<AgentId>(),
    name: 'builder',
    role: 'project',
    activity: 'idle',
    attention: { score: 0, signal: null, reason: '' },
    contextPressure: 0.2,
    burnUsdPerHour: 0.5,
    ...fields,
  };
}

/** A team of nobody with nothing to do. */
export function wakeFacts(fields: Partial<WakeFacts> = {}): WakeFacts {
  return {
    agents: [],
    burn: { usdPerHour: null, hourAverageUsd: null },
    board: { counts: {}, blocked: [], review: [] },
    unread: 0,
    owed: 0,
    ...fields,
  };
}

/** So many tasks of a board, from number 1 on. */
export function boardTasks(count: number, title = 'Sell more'): { number: number; title: string }[] {
  return Array.from({ length: count }, (_, index) => ({ number: index + 1, title }));
}

export function wakeRecord(fields: Partial<WakeRecord> = {}): WakeRecord {
  return {
    ...{ id: newId<WakeId>(), agentId: newId<AgentId>(), strategy: 'persistent', state: 'done', cause: 'interval' },
    ...{ score: 0.1, signals: [], summary: '', snapshot: '{}', promptId: newId<PromptId>(), dueAt: 1, decidedAt: 1, endedAt: 2 },
    ...fields,
  };
}
