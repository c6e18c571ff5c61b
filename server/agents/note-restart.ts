/** Says in a session that the agent's sidecar crashed, and what is done about it. */
import type { AgentRegistry } from './agent-registry.ts';
import { sidecarCrashNotice } from './event-notice.ts';
import type { DecidedRestart } from './restarts.ts';
import type { Sessions } from './sessions.ts';

type NoteDeps = {
  readonly registry: AgentRegistry;
  readonly sessions: Sessions;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/** In the session that the agent goes on with. A disk that is full does not keep it from coming back. */
export function noteRestart({ registry, sessions, log }: NoteDeps, { agentId, verdict, lastError }: DecidedRestart): void {
  const sessionId = registry.has(agentId) ? registry.get(agentId).sessionId : null;
  if (sessionId === null || !sessions.has(sessionId)) return;
  try {
    sessions.note(sessionId, sidecarCrashNotice(verdict, lastError));
  } catch (err) {
    log('a restart is not told in the session', { agentId, err });
  }
}
