/** Notices that commit with what they tell of: the end of a turn, and a question. An event that comes again makes no second one. */
import type { AgentsFeature } from '../agents/compose.ts';
import type { IntakeDeps } from '../agents/event-intake.ts';
import type { Notices } from '../notices/notices.ts';
import type { Windows } from '../notices/windows.ts';
import type { SessionId } from '../protocol/ids.ts';
import { questionFact, turnFact } from './notice-facts.ts';

type Noticing = { readonly notices: Notices; readonly windows: Windows };

/** In the transaction that ends the turn. */
export function noticeTurns({ notices, windows }: Noticing, agents: () => AgentsFeature): IntakeDeps['turnEnded'] {
  return ({ agentId }, { turnId, sessionId, reason, failure }) => {
    const { registry, sessions } = agents();
    // The events of one that was removed meanwhile are still taken in.
    if (!registry.has(agentId)) return;
    const fact = turnFact(registry.get(agentId), {
      ...{ key: turnId, sessionId, reason, failure },
      sessionTitle: sessions.get(sessionId).title,
      itemId: sessions.itemNaming(sessionId, 'turnEnd', turnId),
      isWatched: isWatched(sessionId, sessions, windows),
      isForPerson: sessions.lastOrigin(sessionId) === 'person',
    });
    if (fact) notices.raise(fact);
  };
}

/** In the transaction that shows the question. One that was settled meanwhile, or that somebody sees come, is not told. */
export function noticeQuestions({ notices, windows }: Noticing, agents: () => AgentsFeature): IntakeDeps['asked'] {
  return ({ agentId }, { approvalId, sessionId, request }) => {
    const { registry, sessions, approvals } = agents();
    const isOpen = approvals.openOf(agentId).some(({ id }) => id === approvalId);
    if (!isOpen || !registry.has(agentId) || isWatched(sessionId, sessions, windows)) return;
    const itemId = sessions.itemNaming(sessionId, 'permission', approvalId);
    notices.raise(questionFact({ id: approvalId, agentId, sessionId, request }, { name: registry.get(agentId).name, itemId }));
  };
}

export function isWatched(sessionId: SessionId, sessions: AgentsFeature['sessions'], windows: Windows): boolean {
  return sessions.watchers(sessionId).some((watcher) => windows.isLookedAt(watcher));
}
