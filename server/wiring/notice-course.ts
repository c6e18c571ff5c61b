/** Listens to those that know of something a person may want to be told of, and keeps it as a notice. */
import { statfs } from 'node:fs/promises';
import type { AgentsFeature } from '../agents/compose.ts';
import type { Disposables } from '../base/disposables.ts';
import type { ClientDoor } from '../control/client-door.ts';
import type { HealthReport } from '../health/health.ts';
import type { IncidentMode } from '../incident/incident-mode.ts';
import type { Desktop } from '../notices/desktop.ts';
import type { Fact, Notices } from '../notices/notices.ts';
import type { Windows } from '../notices/windows.ts';
import type { Agent } from '../protocol/agent.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { Message } from '../protocol/message.ts';
import {
  agentFact,
  deadLetterFact,
  diskFact,
  incidentOverFact,
  isReadByPerson,
  messageFact,
  problemFacts,
  questionFact,
  questionWaitsMs,
  taskFact,
} from './notice-facts.ts';
import { isWatched } from './notice-turns.ts';
import type { Teamwork } from './teamwork.ts';

type Noticing = {
  readonly notices: Notices;
  readonly windows: Windows;
  readonly agents: AgentsFeature;
  readonly teamwork: Teamwork;
  readonly health: HealthReport;
  readonly incident: IncidentMode;
  readonly dataDir: string;
  readonly warn: (message: string, fields: Record<string, unknown>) => void;
};

const lookEveryMs = 60_000;
/** Where it is not the current one that is watched, it is one of these. */
const sessionsOfAgent = 20;
const now = () => Date.now();

/** Once, when all of it is built. What was so before this backend began is no news. */
export function noticeWhatHappens(noticing: Noticing): void {
  const { agents, health } = noticing;
  const states = new Map<AgentId, Agent['state']>(agents.agents.list(undefined).map(({ id, state }) => [id, state]));
  agents.registry.removed.on((id) => states.delete(id));
  agents.reports.changed.on((agent) => {
    attempt(noticing, ({ notices }) => raise(notices, agentFact(agent, states.get(agent.id), now())));
    states.set(agent.id, agent.state);
  });
  let problems: readonly string[] = [];
  health.changed.on((report) => {
    for (const fact of problemFacts(report.problems, problems, now())) attempt(noticing, ({ notices }) => notices.raise(fact));
    problems = report.problems;
  });
  noticing.incident.expired.on((over) => attempt(noticing, ({ notices }) => notices.raise(incidentOverFact(over))));
  noticeTeamwork(noticing);
  settleQuestions(noticing);
}

export function startNoticing(noticing: Noticing, closing: Disposables): void {
  const timer = setInterval(() => void look(noticing), lookEveryMs).unref();
  closing.add(() => clearInterval(timer));
}

export function tellOfNotices(notices: Notices, desktop: Desktop, clients: ClientDoor): void {
  notices.changed.on(({ notices: changed, raised, ...rest }) => {
    clients.broadcast('notice/changed', { notices: [...changed], raised: [...raised], ...rest });
    desktop.tell(changed.filter(({ id }) => raised.includes(id)));
  });
}

function noticeTeamwork(noticing: Noticing): void {
  const { messaging, tasks } = noticing.teamwork;
  messaging.changed.on((message) => attempt(noticing, () => noticeMessage(noticing, message)));
  messaging.deadLetterChanged.on((letter) =>
    attempt(noticing, ({ notices }) => {
      raise(notices, deadLetterFact(letter));
      if (letter.settlement !== null) notices.settle((place) => place.kind === 'deadLetter' && place.deadLetterId === letter.id);
    }),
  );
  tasks.finished.on(({ task, by }) => attempt(noticing, ({ notices }) => raise(notices, taskFact(task, by))));
}

function noticeMessage({ notices, windows, agents: { sessions } }: Noticing, message: Message): void {
  if (isReadByPerson(message)) return notices.settle((place) => place.kind === 'message' && place.messageId === message.id);
  const fact = messageFact(message);
  if (fact?.place.kind !== 'message') return;
  const ofAgent = sessions.list({ agentId: fact.place.agentId, projectId: null, limit: sessionsOfAgent });
  if (!ofAgent.some(({ id }) => isWatched(id, sessions, windows))) notices.raise(fact);
}

/** Once an agent waits for no answer any more, nobody has to be told that it does. */
function settleQuestions(noticing: Noticing): void {
  const { agents } = noticing;
  agents.approvals.changed.on(({ agentId, state }) => {
    if (state === 'open' || agents.approvals.openOf(agentId).length > 0) return;
    attempt(noticing, ({ notices }) => notices.settle((place) => place.kind === 'question' && place.agentId === agentId));
  });
}

/** What becomes worth telling by waiting. */
async function look(noticing: Noticing): Promise<void> {
  const { agents, dataDir, warn } = noticing;
  const { approvals, registry, sessions } = agents;
  for (const approval of approvals.open()) {
    const { id, agentId, sessionId, askedAt } = approval;
    if (now() - askedAt < questionWaitsMs || !registry.has(agentId)) continue;
    const itemId = sessions.itemNaming(sessionId, 'permission', id);
    attempt(noticing, ({ notices }) => notices.raise(questionFact(approval, { name: registry.get(agentId).name, itemId })));
  }
  try {
    const { bavail, bsize } = await statfs(dataDir);
    attempt(noticing, ({ notices }) => raise(notices, diskFact(bavail * bsize, now())));
  } catch (err) {
    warn('the free space of the disk cannot be told', { err });
  }
}

function raise(notices: Notices, fact: Fact | undefined): void {
  if (fact) notices.raise(fact);
}

/** A disk that takes no notice must not keep what it is about from going on. */
function attempt(noticing: Noticing, step: (noticing: Noticing) => void): void {
  try {
    step(noticing);
  } catch (err) {
    noticing.warn('a notice was not kept', { err });
  }
}
