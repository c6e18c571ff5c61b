/** A fleet, its sessions and its data directory, made up so that every kind of row is there. */
import type { LiveAgent, LiveMetrics, LiveProject, MeasuredSession, StorageReport } from '../../../server/protocol/metrics.ts';
import { id, startedAt } from './sample-data.ts';

const calm = { idleSince: null, openTools: 0, contextPressure: 0.31, burnUsdPerHour: 0.84, fileConflicts: 0, reviewTasks: 0 };
const minuteMs = 60_000;
const mebibyte = 1024 ** 2;

type Draft = Partial<Omit<LiveAgent, 'vitals'>> & { readonly name: string; readonly vitals?: Partial<LiveAgent['vitals']> };

function agent(number: number, { vitals, ...draft }: Draft): LiveAgent {
  return {
    ...{ agentId: id('a9e7', number), sessionId: id('5e55', number), activity: 'running', doing: 'Writing' },
    ...{ attention: { score: 0, signal: null, reason: '' }, vitals: { ...calm, ...vitals } },
    ...draft,
  };
}

function project(number: number, fields: Partial<LiveProject> & { readonly name: string }): LiveProject {
  const vitals = { ...calm, contextPressure: null, burnUsdPerHour: fields.usdPerHour ?? null };
  const nothing = { activity: 'inactive', attention: { score: 0, signal: null, reason: '' }, worstAgentId: null, vitals } as const;
  return { projectId: id('9407', number), usdPerHour: null, ...nothing, agents: [], ...fields };
}

export function sampleLive(): LiveMetrics {
  const reason = 'Stalled: its turn runs, and nothing was heard of it for 15 min or longer.';
  const stalled = { score: 100, signal: 'stall', reason } as const;
  const shop = [
    agent(1, { name: 'lead', doing: 'Reads server/store/open-database.ts', vitals: { openTools: 1 } }),
    agent(2, {
      ...{ name: 'builder', activity: 'stalled', doing: 'npm test -- --watch', attention: stalled },
      vitals: { contextPressure: 0.82, openTools: 3, burnUsdPerHour: 2.4 },
    }),
    agent(3, {
      ...{ name: 'tester-with-a-long-name', attention: { score: 80, signal: 'context', reason: 'Its context is more than 90 % full.' } },
      vitals: { contextPressure: 0.94, fileConflicts: 1 },
    }),
    agent(4, { name: 'reviewer', activity: 'idle', doing: '', vitals: { idleSince: startedAt - 18 * minuteMs, burnUsdPerHour: 0 } }),
  ];
  const shopHealth: Partial<LiveProject> = {
    activity: 'stalled',
    attention: stalled,
    worstAgentId: id('a9e7', 2),
    vitals: { ...calm, contextPressure: 0.94, burnUsdPerHour: 4.08, openTools: 4, fileConflicts: 1, reviewTasks: 2 },
  };
  const site = [agent(5, { name: 'writer', activity: 'inactive', doing: '', vitals: { contextPressure: null, burnUsdPerHour: null } })];
  return {
    at: startedAt,
    fleet: {
      ...{ running: 2, idle: 1, stalled: 1, inactive: 1, openApprovals: 2 },
      ...{ usdPerHour: 4.08, hourAverageUsd: 2.9, costUsd: 17.42, tokens: 3_820_000 },
    },
    projects: [
      project(1, { name: 'orchestrator', usdPerHour: 4.08, ...shopHealth, agents: shop }),
      project(2, { name: 'website', agents: site }),
      project(3, { name: 'playground' }),
    ],
    tasks: { todo: 4, progress: 3, review: 2, done: 18, blocked: 1, rejected: 0 },
    attention: [id('a9e7', 2), id('a9e7', 3)],
  };
}

const titles = [
  'Close the second connection',
  'Write the page that explains the sandbox',
  'Measure opening with 10 000 sessions',
  'Messages',
  '',
];

/** The newest first. */
export function sampleSessions(count: number): MeasuredSession[] {
  return Array.from({ length: count }, (_, index) => {
    const endTime = startedAt - index * 47 * minuteMs;
    const status = index % 7 === 3 ? 'error' : index % 5 === 4 ? 'stopped' : 'success';
    return {
      ...{ id: count - index, projectId: id('9407', 1), sessionId: id('5e55', index + 1), endTime },
      startTime: endTime - (2 + ((index * 13) % 29)) * minuteMs,
      peakTokens: 24_000 + ((index * 37) % 11) * 9_000,
      turnCount: 1 + ((index * 7) % 9),
      toolCallCount: (index * 11) % 40,
      gatheringCallCount: index % 9 === 5 ? null : Math.floor(((index * 11) % 40) / 2),
      hookFailureCount: index % 11 === 6 ? 2 : 0,
      endReason: status === 'error' ? 'failed' : status === 'stopped' ? 'interrupted' : 'completed',
      costUsd: index % 9 === 5 ? null : 0.2 + ((index * 17) % 23) / 10,
      model: index % 2 === 0 ? 'claude-sonnet' : 'demo',
      status,
      errorMessage: status === 'error' ? 'The model is overloaded; it was tried four times within two minutes.' : null,
      title: titles[index % titles.length] ?? '',
      agentId: index % 8 === 7 ? null : id('a9e7', 1 + (index % 4)),
      agentName: index % 8 === 7 ? '' : (['lead', 'builder', 'tester', 'reviewer'][index % 4] ?? ''),
    };
  });
}

export function sampleStorage(): StorageReport {
  const part = (kind: StorageReport['parts'][number]['kind'], name: string, mebibytes: number): StorageReport['parts'][number] => {
    const limits =
      kind === 'wal'
        ? { largeBytes: 64 * mebibyte, criticalBytes: 512 * mebibyte }
        : { largeBytes: 2_048 * mebibyte, criticalBytes: 10_240 * mebibyte };
    const bytes = Math.round(mebibytes * mebibyte);
    const level = bytes >= limits.criticalBytes ? 'critical' : bytes >= limits.largeBytes ? 'large' : 'fine';
    return { kind, name, bytes, isWhole: kind !== 'agents', ...limits, level };
  };
  return {
    at: startedAt,
    dataDir: '/home/me/.local/share/agent-orchestrator',
    parts: [
      ...[part('database', 'btmsg.db', 412), part('wal', 'btmsg.db-wal', 3.2), part('database', 'sessions.db', 2_300)],
      ...[part('wal', 'sessions.db-wal', 530), part('logs', 'logs', 96), part('quarantine', 'quarantine', 0)],
      ...[part('backups', 'backups', 840), part('agents', 'agents', 1_300), part('imports', 'imports', 0), part('runtime', 'runtime', 108)],
    ],
    disk: { freeBytes: 41 * 1_024 * mebibyte, totalBytes: 512 * 1_024 * mebibyte, level: 'fine' },
  };
}
