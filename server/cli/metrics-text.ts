/** Metrics in lines for a person. */
import type { Budget } from '../protocol/budget.ts';
import { shareText, sourceText, spentText } from '../protocol/budget-text.ts';

import { contextRatio } from '../protocol/context-ratio.ts';
import { shortId } from '../protocol/ids.ts';
import type { LiveAgent, LiveMetrics, MeasuredSession, StoragePart, StorageReport } from '../protocol/metrics.ts';
import { inEnglish } from '../protocol/notice-text.ts';
import { oneLine } from './printable.ts';
import { table } from './table.ts';
import { agoText, durationText } from './time-text.ts';

const unknown = '–';
const nameChars = 32;
const sentenceChars = 60;

export function historyLines(sessions: readonly MeasuredSession[], now: number): string[] {
  if (sessions.length === 0) return ['No session of this project has ended a turn yet.'];
  const rows = sessions.map((session) => [
    shortId(session.sessionId),
    oneLine(session.agentName, nameChars) || unknown,
    agoText(session.endTime, now),
    statusText(session),
    durationText(session.endTime - session.startTime),
    String(session.turnCount),
    String(session.toolCallCount),
    percentText(contextRatio(session)),
    tokensText(session.peakTokens),
    usdText(session.costUsd),
    oneLine(session.errorMessage ?? session.title, sentenceChars),
  ]);
  return table(['SESSION', 'AGENT', 'ENDED', 'STATUS', 'LASTED', 'TURNS', 'TOOLS', 'GATHER', 'PEAK', 'COST', 'WHAT'], rows);
}

/** The reason where the status alone does not say it. */
function statusText({ status, endReason }: MeasuredSession): string {
  return status === 'error' && endReason !== null && endReason !== 'failed' ? `${status} (${endReason})` : status;
}

function percentText(ratio: number | null): string {
  return ratio === null ? unknown : `${Math.round(ratio * 100)} %`;
}

export function liveLines({ fleet, projects, tasks, attention, today = [] }: LiveMetrics): string[] {
  const agents = projects.flatMap((project) => project.agents.map((agent) => ({ project: project.name, agent })));
  const counts = `${fleet.running} running, ${fleet.idle} idle, ${fleet.stalled} stalled, ${fleet.inactive} down`;
  const spent = `${usdText(fleet.costUsd)} spent, ${usdText(fleet.usdPerHour)} per hour, ${tokensText(fleet.tokens)} tokens`;
  return [
    `Agents: ${counts}. Open approvals: ${fleet.openApprovals}.`,
    `Cost: ${spent}.`,
    ...today.map(todayLine),
    `Tasks: ${tasks.todo} to do, ${tasks.progress} in progress, ${tasks.review} in review, ${tasks.blocked} blocked, ${tasks.done} done.`,
    '',
    ...(agents.length === 0 ? ['There are no agents yet.'] : agentTable(agents)),
    '',
    ...attentionLines(agents, attention),
  ];
}

/** As in "Today: 6.20 USD of 50.00 USD (agent)." */
function todayLine({ unit, limit, spent }: Budget): string {
  if (limit !== null) return `Today: ${shareText({ unit, limit, spent }, inEnglish)}.`;
  const source = sourceText(spent, unit, inEnglish);
  return `Today: ${spentText(spent, unit, inEnglish)}${source === '' ? '' : ` (${source})`}, no limit.`;
}

type Placed = { readonly project: string; readonly agent: LiveAgent };

function agentTable(agents: readonly Placed[]): string[] {
  const rows = agents.map(({ project, agent: { name, activity, vitals, doing } }) => [
    oneLine(project, nameChars),
    oneLine(name, nameChars),
    activity,
    percentText(vitals.contextPressure),
    usdText(vitals.burnUsdPerHour),
    oneLine(doing, sentenceChars),
  ]);
  return table(['PROJECT', 'AGENT', 'ACTIVITY', 'CONTEXT', 'PER HOUR', 'DOES'], rows);
}

function attentionLines(agents: readonly Placed[], attention: LiveMetrics['attention']): string[] {
  const byId = new Map(agents.map(({ agent }) => [agent.agentId, agent]));
  const queue = attention.flatMap((id) => byId.get(id) ?? []);
  if (queue.length === 0) return ['Nobody needs you.'];
  return ['Who needs you:', ...queue.map(({ name, attention: { reason } }) => `  ${oneLine(name, nameChars)}: ${oneLine(reason, 200)}`)];
}

export function storageLines({ dataDir, parts, disk }: StorageReport): string[] {
  const rows = parts.map((part) => [part.name, part.kind, sizeText(part), part.level]);
  const free = disk ? [`Free on its disk: ${bytesText(disk.freeBytes)} of ${bytesText(disk.totalBytes)} (${disk.level}).`] : [];
  return [`${oneLine(dataDir, 400)}`, ...free, '', ...table(['NAME', 'KIND', 'SIZE', 'LEVEL'], rows)];
}

function sizeText({ bytes, isWhole }: StoragePart): string {
  return isWhole ? bytesText(bytes) : `at least ${bytesText(bytes)}`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function bytesText(bytes: number): string {
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** power;
  return `${power === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[power]}`;
}

function usdText(usd: number | null): string {
  return usd === null ? unknown : `$${usd.toFixed(2)}`;
}

function tokensText(tokens: number | null): string {
  if (tokens === null) return unknown;
  return tokens < 1_000 ? String(tokens) : `${(tokens / 1_000).toFixed(tokens < 100_000 ? 1 : 0)} k`;
}
