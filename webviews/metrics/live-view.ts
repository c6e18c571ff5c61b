/** How the fleet is now: totals, who needs the person, the projects with their agents, the tasks, and the data directory. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Budget } from '../../server/protocol/budget.ts';
import { contextThresholds } from '../../server/protocol/context-thresholds.ts';
import type { LiveAgent, LiveMetrics, LiveProject, TaskCounts } from '../../server/protocol/metrics.ts';
import { agentRow, conflictText } from './agent-row.ts';
import { levelIcon } from './bar.ts';
import { durationText, percentText, tokensText, usdText } from './figures.ts';
import type { MetricsModel } from './metrics-model.ts';
import { storageCard } from './storage-card.ts';
import { t } from './texts.ts';

export function liveView(model: MetricsModel, live: LiveMetrics): TemplateResult {
  return html`<div class="live">
    ${totals(live)}
    <div class="columns">
      <div class="column wide">${queueCard(model)} ${projectCards(model, live)}</div>
      <div class="column">${tasksCard(model, live.tasks)} ${storageCard(model.storage)}</div>
    </div>
  </div>`;
}

function totals({ fleet, today = [] }: LiveMetrics): TemplateResult {
  const average = fleet.hourAverageUsd === null ? '' : t('hourAverage', usdText(fleet.hourAverageUsd));
  return html`<dl class="totals">
    ${total('running', String(fleet.running), fleet.inactive > 0 ? t('downCount', fleet.inactive) : '')}
    ${total('idle', String(fleet.idle))} ${total('stalled', String(fleet.stalled), '', fleet.stalled > 0 ? 'critical' : 'fine')}
    ${total('openApprovals', String(fleet.openApprovals), '', fleet.openApprovals > 0 ? 'large' : 'fine')}
    ${total('costPerHour', usdText(fleet.usdPerHour), average)} ${total('spent', usdText(fleet.costUsd), t('currentSessions'))}
    ${total('tokens', tokensText(fleet.tokens), t('currentSessions'))} ${today.map(ofBudget)}
  </dl>`;
}

/** Today's budget of all agents together: what was spent of it, and who says so. */
function ofBudget({ unit, limit, spent }: Budget): TemplateResult {
  const text = unit === 'usd' ? usdText : tokensText;
  const share = limit === null || spent.amount === null ? 0 : spent.amount / limit;
  const sources = spent.parts.map(({ by, dated }) => (dated === null ? t(sourceTexts[by]) : t(sourceTexts[by], dated)));
  const known = spent.unknownTokens > 0 ? [...sources, t('unknown')] : sources;
  const of = limit === null ? t('noLimit') : t('ofLimit', text(limit));
  const level = share >= 1 ? 'critical' : share >= 0.8 ? 'large' : 'fine';
  return total(
    unit === 'usd' ? 'todayUsd' : 'todayTokens',
    spent.amount === null ? t('unknown') : text(spent.amount),
    [of, ...known].join(' · '),
    level,
  );
}

const sourceTexts = { agent: 'saidByAgent', 'price table': 'saidByPrices', estimate: 'saidByEstimate' } as const;

type Label = 'todayUsd' | 'todayTokens' | 'running' | 'idle' | 'stalled' | 'openApprovals' | 'costPerHour' | 'spent' | 'tokens';

function total(label: Label, value: string, detail = '', level: 'fine' | 'large' | 'critical' = 'fine'): TemplateResult {
  return html`<div class="total">
    <dt>${t(label)}</dt>
    <dd class="value">${value}${levelIcon(level)}</dd>
    ${detail ? html`<dd class="faint">${detail}</dd>` : nothing}
  </div>`;
}

function queueCard(model: MetricsModel): TemplateResult {
  const { queue } = model;
  const body =
    queue.length === 0
      ? html`<p class="faint all-well"><agor-icon name="pass"></agor-icon>${t('nobodyNeedsYou')}</p>`
      : html`<ol class="queue">${queue.map((agent) => waiting(model, agent))}</ol>`;
  return html`<section class="card" aria-labelledby="needs-you"><h2 id="needs-you">${t('needsYou')}</h2>${body}</section>`;
}

function waiting(model: MetricsModel, { agentId, sessionId, name, attention }: LiveAgent): TemplateResult {
  return html`<li>
    ${levelIcon(attention.score >= 80 ? 'critical' : 'large')}
    <span class="who"><strong>${name}</strong> <span class="why">${attention.reason}</span></span>
    <vscode-button appearance="secondary" aria-label=${t('openAgent', name)} @click=${() => model.openAgent(agentId, sessionId)}>
      ${t('open')}
    </vscode-button>
  </li>`;
}

function projectCards(model: MetricsModel, { projects, at }: LiveMetrics): TemplateResult {
  return html`<section aria-label=${t('projects')} class="projects">${projects.map((project) => projectCard(model, project, at))}</section>`;
}

function projectCard(model: MetricsModel, project: LiveProject, now: number): TemplateResult {
  const { name, usdPerHour, agents } = project;
  return html`<article class="card">
    <header>
      <h2>${name}</h2>
      ${usdPerHour === null ? nothing : html`<span class="faint">${t('perHour', usdText(usdPerHour))}</span>`}
    </header>
    ${agents.length === 0 ? nothing : html`<p class="faint">${projectText(project, now)}</p>`}
    ${
      agents.length === 0
        ? html`<p class="faint">${t('noAgentsHere')}</p>`
        : html`<ul class="agents">${agents.map((agent) => agentRow(model, agent, now))}</ul>`
    }
  </article>`;
}

/** The project as a whole: what it does, and what of it is worth a look. */
function projectText({ activity, vitals }: LiveProject, now: number): string {
  const { idleSince, openTools, contextPressure, fileConflicts, reviewTasks } = vitals;
  const isFull = contextPressure !== null && contextPressure > contextThresholds.warning;
  return [
    idleSince === null ? t(activity) : t('idleFor', durationText(Math.max(0, now - idleSince))),
    ...(openTools > 1 ? [t('toolsAtWork', openTools)] : []),
    ...(isFull ? [t('contextFull', percentText(contextPressure))] : []),
    ...(fileConflicts > 0 ? [conflictText(fileConflicts)] : []),
    ...(reviewTasks > 0 ? [t('toReview', reviewTasks)] : []),
  ].join(' · ');
}

const taskWords = {
  todo: 'taskTodo',
  progress: 'taskProgress',
  review: 'taskReview',
  blocked: 'taskBlocked',
  done: 'taskDone',
  rejected: 'taskRejected',
} as const;
const taskStates = ['todo', 'progress', 'review', 'blocked', 'done', 'rejected'] as const;

function tasksCard(model: MetricsModel, counts: TaskCounts): TemplateResult {
  return html`<section class="card" aria-labelledby="tasks">
    <header>
      <h2 id="tasks">${t('tasks')}</h2>
      <button class="link-button" @click=${() => model.openBoard()}>${t('openBoard')}</button>
    </header>
    <dl class="figures">
      ${taskStates.map((state) => html`<dt>${t(taskWords[state])}</dt><dd class=${counts[state] === 0 ? 'faint' : ''}>${counts[state]}</dd>`)}
    </dl>
  </section>`;
}
