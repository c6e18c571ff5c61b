/** A measured session as the backend tells of it. */
import { newId } from '../../server/base/uuid.ts';
import type { AgentId, ProjectId, SessionId } from '../../server/protocol/ids.ts';
import type { MeasuredSession } from '../../server/protocol/metrics.ts';

export function sampleMeasured(fields: Partial<MeasuredSession> = {}): MeasuredSession {
  const startTime = Date.UTC(2026, 0, 2, 3, 4, 5);
  return {
    ...{
      id: 1,
      projectId: newId<ProjectId>(),
      sessionId: newId<SessionId>(),
      agentId: newId<AgentId>(),
      agentName: 'builder',
      title: 'Help',
    },
    ...{ startTime, endTime: startTime + 60_000, peakTokens: 12_000, turnCount: 2, toolCallCount: 3, costUsd: 0.5, model: 'small' },
    ...{ status: 'success', errorMessage: null, gatheringCallCount: 2, hookFailureCount: 0, endReason: 'completed' },
    ...fields,
  };
}
