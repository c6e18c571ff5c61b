/** One agent of a project: what it does, what it costs, and how full its context is. */
import { html, nothing, type TemplateResult } from 'lit';
import { contextThresholds } from '../../server/protocol/context-thresholds.ts';
import type { LiveAgent } from '../../server/protocol/metrics.ts';
import type { IconName } from '../shared/icon.ts';
import { bar, levelIcon } from './bar.ts';
import { durationText, percentText, usdText } from './figures.ts';
import type { MetricsModel } from './metrics-model.ts';
import { t } from './texts.ts';

const icons: Record<LiveAgent['activity'], IconName> = {
  running: 'play',
  idle: 'pass',
  stalled: 'error',
  inactive: 'circle-outline',
};

export function agentRow(model: MetricsModel, agent: LiveAgent, now: number): TemplateResult {
  const { agentId, sessionId, name, activity, vitals } = agent;
  const state = t(activity);
  return html`<li class="agent ${activity}">
    <agor-icon name=${icons[activity]} class=${activity === 'stalled' ? 'critical' : ''}></agor-icon>
    <button class="link-button name" title=${t('openAgent', name)} @click=${() => model.openAgent(agentId, sessionId)}>${name}</button>
    <span class="doing faint"><span class="hidden">${state}.</span> ${doingText(agent, now)}</span>
    ${vitals.fileConflicts > 0 ? html`<span class="conflict">${levelIcon('large')}${conflictText(vitals.fileConflicts)}</span>` : nothing}
    <span class="rate faint">${vitals.burnUsdPerHour === null ? nothing : t('perHour', usdText(vitals.burnUsdPerHour))}</span>
    ${contextBar(vitals.contextPressure)}
  </li>`;
}

function doingText({ activity, doing, vitals }: LiveAgent, now: number): string {
  if (activity === 'idle' && vitals.idleSince !== null) return t('idleFor', durationText(Math.max(0, now - vitals.idleSince)));
  if (vitals.openTools > 1) return `${doing} · ${t('toolsAtWork', vitals.openTools)}`;
  return doing || t(activity);
}

export function conflictText(files: number): string {
  return files === 1 ? t('conflictOne') : t('conflicts', files);
}

function contextBar(pressure: number | null): TemplateResult {
  const words = pressure === null ? t('contextUnknown') : t('contextFull', percentText(pressure));
  return html`<span class="context" title=${words}>
    ${pressure === null ? nothing : bar(pressure, levelOf(pressure))}
    <span class="percent ${pressure === null ? 'faint' : ''}" aria-hidden="true">${percentText(pressure)}</span>
    <span class="hidden">${words}</span>
  </span>`;
}

function levelOf(pressure: number): 'fine' | 'large' | 'critical' {
  if (pressure > contextThresholds.critical) return 'critical';
  return pressure > contextThresholds.warning ? 'large' : 'fine';
}
