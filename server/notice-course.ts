/** Listens to those that know of something a person may want to be told of, and keeps it as a notice. */
import { statfs } from 'node:fs/promises';
import type { AgentsFeature } from './agents/compose.ts';
import type { IntakeDeps } from './agents/event-intake.ts';
import type { Disposables } from './base/disposables.ts';
import type { ClientDoor } from './control/client-door.ts';
import type { HealthReport } from './health/health.ts';
import { agentFact, deadLetterFact, diskFact, problemFacts, questionFact, turnFact } from './notice-facts.ts';
import type { Fact, Notices } from './notices/notices.ts';
import type { Windows } from './notices/windows.ts';
import type { Agent } from './protocol/agent.ts';
import type { AgentId } from './protocol/ids.ts';
import type { Teamwork } from './teamwork.ts';

type Noticing = {
  readonly notices: Notices;
  readonly windows: Windows;
  readonly agents: AgentsFeature;
  readonly teamwork: Teamwork;
  readonly health: HealthReport;
  readonly dataDir: string;
  readonly warn: (message: string, fields: Record<string, unknown>) => void;
};

const lookEveryMs = 60_000;
const now = () => Date.now();

/** In the transaction that ends the turn, so that an event that comes again makes no second notice. */
export function noticeTurns(
  { notices, windows }: Pick<Noticing, 'notices' | 'windows'>,
  agents: () => AgentsFeature,
): IntakeDeps['turnEnded'] {
  return ({ agentId }, { turnId, sessionId, reason, failure }) => {
    const { registry, sessions } = agents();
    // The events of one that was removed meanwhile are still taken in.
    if (!registry.has(agentId)) return;
    const isWatched = sessions.watchers(sessionId).some((watcher) => windows.isLookedAt(watcher));
    const isForPerson = sessions.lastOrigin(sessionId) === 'person';
    const turn = { key: turnId, sessionId, sessionTitle: sessions.get(sessionId).title, reason, failure, isWatched, isForPerson };
    const fact = turnFact(registry.get(agentId), turn);
    if (fact) notices.raise(fact);
  };
}

/** Once, when all of it is built. What was so before this backend began is no news. */
export function noticeWhatHappens(noticing: Noticing): void {
  const { agents, teamwork, health } = noticing;
  const states = new Map<AgentId, Agent['state']>(agents.agents.list(undefined).map(({ id, state }) => [id, state]));
  agents.registry.removed.on((id) => states.delete(id));
  agents.reports.changed.on((agent) => {
    tryRaise(noticing, agentFact(agent, states.get(agent.id), now()));
    states.set(agent.id, agent.state);
  });
  teamwork.messaging.deadLetterChanged.on((letter) => tryRaise(noticing, deadLetterFact(letter)));
  let problems: readonly string[] = [];
  health.changed.on((report) => {
    for (const fact of problemFacts(report.problems, problems, now())) tryRaise(noticing, fact);
    problems = report.problems;
  });
}

export function startNoticing(noticing: Noticing, closing: Disposables): void {
  const timer = setInterval(() => void look(noticing), lookEveryMs).unref();
  closing.add(() => clearInterval(timer));
}

export function tellOfNotices(notices: Notices, clients: ClientDoor): void {
  notices.changed.on(({ notices: changed, raised, ...rest }) => {
    clients.broadcast('notice/changed', { notices: [...changed], raised: [...raised], ...rest });
  });
}

/** What becomes worth telling by waiting. */
async function look(noticing: Noticing): Promise<void> {
  const { agents, dataDir, warn } = noticing;
  for (const approval of agents.approvals.open()) {
    const who = agents.registry.has(approval.agentId) ? agents.registry.get(approval.agentId).name : 'An agent';
    tryRaise(noticing, questionFact(approval, who, now()));
  }
  try {
    const { bavail, bsize } = await statfs(dataDir);
    tryRaise(noticing, diskFact(bavail * bsize, now()));
  } catch (err) {
    warn('the free space of the disk cannot be told', { err });
  }
}

/** A disk that takes no notice must not keep what it is about from going on. */
function tryRaise({ notices, warn }: Pick<Noticing, 'notices' | 'warn'>, fact: Fact | undefined): void {
  if (!fact) return;
  try {
    notices.raise(fact);
  } catch (err) {
    warn('a notice was not kept', { title: fact.title, err });
  }
}
