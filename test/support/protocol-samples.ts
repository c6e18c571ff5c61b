/** Complete values of the contract's types, for tests that care about a field or two. */
import { randomUUID } from 'node:crypto';
import { Agent } from '../../server/protocol/agent.ts';
import type { Capabilities } from '../../server/protocol/agent-event.ts';
import { Approval } from '../../server/protocol/approval.ts';
import { Health } from '../../server/protocol/health.ts';
import { Message } from '../../server/protocol/message.ts';
import { Project } from '../../server/protocol/project.ts';
import { Task } from '../../server/protocol/task.ts';
import { Teammate } from '../../server/protocol/team.ts';

/** Unbranded, and all optional: the sample is checked against the schema, which brands it. */
type Fields<T> = { readonly [K in keyof T]?: unknown };

/** Of an agent that can go on with a session, and nothing else. */
export const plainCapabilities: Capabilities = {
  cost: false,
  tokens: false,
  hooks: false,
  resume: true,
  steer: false,
  retryEvents: false,
  typedErrors: false,
  modelChoice: false,
};

export function sampleProject(fields: Fields<Project> = {}): Project {
  return Project.parse({ id: randomUUID(), name: 'shop', path: '/srv/shop', trusted: true, createdAt: 1, ...fields });
}

export function sampleAgent(fields: Fields<Agent> = {}): Agent {
  return Agent.parse({
    id: randomUUID(),
    projectId: randomUUID(),
    name: 'demo',
    provider: 'demo',
    command: [],
    model: null,
    credentials: 'login',
    state: 'idle',
    stateDetail: '',
    paused: false,
    mode: 'ask',
    hold: null,
    sessionId: null,
    queuedPrompts: 0,
    openApprovals: 0,
    capabilities: null,
    usage: null,
    runtime: null,
    secrets: [],
    sandboxMode: 'preferred',
    network: 'open',
    sandbox: null,
    resources: null,
    sidecarHealth: { state: 'healthy' },
    poisonedEvents: 0,
    createdAt: 1,
    ...fields,
  });
}

export function sampleApproval(fields: Fields<Approval> = {}): Approval {
  return Approval.parse({
    id: randomUUID(),
    agentId: randomUUID(),
    projectId: randomUUID(),
    sessionId: randomUUID(),
    request: {
      title: 'Run npm test',
      toolName: 'Bash',
      toolKind: 'execute',
      command: 'npm test',
      cwd: '/srv/shop',
      resolved: '/usr/bin/npm',
      content: [],
      reason: null,
      decisions: ['allowOnce', 'deny'],
    },
    hash: 'h',
    state: 'open',
    kind: 'npm test',
    kindLabel: 'npm test (Bash)',
    askedAt: 1,
    answeredAt: null,
    expiresAt: null,
    answeredBy: null,
    rule: null,
    askedBecause: null,
    ...fields,
  });
}

export function sampleHealth(fields: Fields<Health> = {}): Health {
  return Health.parse({
    pid: 7,
    build: { version: '0.1.0', gitSha: 'abcdef0123456', buildTime: 1, nodeVersion: 'v24.0.0' },
    state: 'healthy',
    problems: [],
    startedAt: 0,
    dataDir: '/data',
    clients: 1,
    sidecars: [],
    openApprovals: 0,
    incident: null,
    turns: { running: 0, waiting: 0, max: 5 },
    desktopNotices: { state: 'untried', detail: '' },
    backups: null,
    sandbox: null,
    resources: null,
    ...fields,
  });
}

const noVitals = { idleSince: null, openTools: 0, contextPressure: null, burnUsdPerHour: null, fileConflicts: 0, reviewTasks: 0 };

export function sampleTeammate(fields: Fields<Teammate> = {}): Teammate {
  return Teammate.parse({
    ...{ agentId: randomUUID(), role: 'project', tier: 2, teamId: randomUUID(), unread: 0, owed: 0, activity: 'idle' },
    ...{ attention: { score: 0, signal: null, reason: '' }, vitals: noVitals, lastHeartbeatAt: null, nextWakeAt: null, ...fields },
  });
}

const builder = { id: 'builder', name: 'builder' };

export function sampleTask(fields: Fields<Task> = {}): Task {
  return Task.parse({
    id: randomUUID(),
    number: 1,
    teamId: 'shop',
    title: 'Sell shoes',
    description: '',
    state: 'todo',
    priority: 'medium',
    assignee: null,
    createdBy: { id: 'person', name: 'person' },
    parent: null,
    sortOrder: 1,
    version: 1,
    comments: 0,
    isHeld: false,
    findings: [],
    createdAt: 1,
    updatedAt: 1,
    ...fields,
  });
}

export function sampleMessage(fields: Fields<Message> = {}): Message {
  const id = randomUUID();
  return Message.parse({
    id,
    from: builder,
    to: { id: 'person', name: 'person' },
    channel: null,
    teamId: 'shop',
    threadId: id,
    replyTo: null,
    text: 'Hello.',
    expectsReply: false,
    hops: 1,
    isOrder: false,
    attachments: [],
    verdict: 'deliver',
    findings: [],
    sentAt: 1,
    deliveries: [],
    ...fields,
  });
}
