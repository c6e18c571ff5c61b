/** The lines above the composer: what happens now, what waits, and what went wrong, each with what can be done. */
import { css, html, nothing, type TemplateResult } from 'lit';
import type { Agent } from '../../server/protocol/agent.ts';
import type { ChatText } from '../../server/protocol/chat-texts.ts';
import type { IconName } from '../shared/icon.ts';
import { agentStatus } from './agent-status.ts';
import type { ChatActions } from './chat-actions.ts';
import { t } from './texts.ts';

type Restarting = Extract<Agent['sidecarHealth'], { state: 'restarting' }>;

export interface StatusLinesInput {
  readonly agent: Agent;
  readonly problem: string | null;
  readonly isSending: boolean;
  readonly isEarlierSession: boolean;
  readonly sessionId: string | null;
  readonly openQuestions: number;
  readonly actions: ChatActions;
}

export function statusLines(input: StatusLinesInput): TemplateResult {
  const { problem, actions } = input;
  const dismiss = html`<button class="icon-button" title=${t('dismiss')} aria-label=${t('dismiss')} @click=${() => actions.dismissProblem()}>
    <agor-icon name="close"></agor-icon>
  </button>`;
  return html`<div class="lines">
    ${input.isEarlierSession ? earlierLine(input) : stateLine(input)} ${hasQueue(input.agent) ? queueLine(input.agent) : nothing}
    ${problem === null ? nothing : html`<div class="line bad" role="alert"><agor-icon name="error"></agor-icon><span>${problem}</span>${dismiss}</div>`}
  </div>`;
}

function earlierLine({ actions, sessionId }: StatusLinesInput): TemplateResult {
  const resume = sessionId === null ? nothing : action('resumeThisSession', () => actions.resumeSession(sessionId));
  return line('info', html`${t('earlierSession')}`, html`${resume} ${action('backToCurrent', () => actions.showSession(null))}`);
}

function stateLine({ agent, isSending, openQuestions, actions }: StatusLinesInput): TemplateResult | typeof nothing {
  const status = agentStatus(agent);
  if (openQuestions > 0) {
    const sentence = openQuestions === 1 ? t('questionWaits') : t('questionsWait', openQuestions);
    return line(
      'question',
      html`${sentence}`,
      action('showQuestion', () => actions.showQuestion()),
      'attention',
    );
  }
  if (status.blocked) {
    const tone = agent.state === 'failed' ? 'bad' : 'attention';
    const again =
      agent.state === 'failed' ? action('restartNow', () => actions.restartAgent()) : action('startAgent', () => actions.startAgent());
    return line(status.icon, html`${agent.stateDetail || t(status.blocked)}`, again, tone);
  }
  if (agent.sidecarHealth.state === 'restarting') return restartLine(agent.sidecarHealth, actions);
  if (agent.state === 'waitingForTurn') return line('clockface', html`${agent.stateDetail || t('stateWaitingForTurn')}`);
  if (agent.state === 'held') return heldLine(agent, actions);
  if (agent.paused)
    return line(
      'debug-pause',
      html`${t('pausedDetail')}`,
      action('resumeAgent', () => actions.resumeAgent()),
    );
  if (status.isBusy || agent.state === 'starting' || isSending) return workingLine({ agent, isSending });
  if (agent.state === 'stopped') return line('info', html`${t('stoppedDetail')}`);
  if (agent.state === 'sleeping') return line('info', html`${t('sleepingDetail')}`);
  if (agent.state !== 'offline') return nothing;
  return line(
    'debug-disconnect',
    html`${agent.stateDetail || t('offlineDetail')}`,
    action('resumeSession', () => actions.startAgent()),
    'attention',
  );
}

function heldLine({ hold, stateDetail }: Agent, actions: ChatActions): TemplateResult {
  const way =
    hold?.kind === 'budget'
      ? action('raiseBudget', () => actions.post({ type: 'raiseBudget' }))
      : action('resumeAgent', () => actions.resumeAgent());
  return line('debug-pause', html`${stateDetail || t('stateHeld')}`, way, 'attention');
}

function restartLine({ attempt, nextRetryAt, lastError }: Restarting, actions: ChatActions): TemplateResult {
  const sentence = html`${t('restartingDetail')} <agor-countdown until=${nextRetryAt}></agor-countdown> <span class="faint">· ${t('retryAttempt', attempt)} · ${lastError}</span>`;
  return line(
    'sync',
    sentence,
    action('restartNow', () => actions.restartAgent()),
    'attention',
  );
}

function workingLine({ agent, isSending }: Pick<StatusLinesInput, 'agent' | 'isSending'>): TemplateResult {
  const word = isSending && agent.state !== 'running' ? t('sending') : agent.stateDetail || t(agentStatus(agent).word);
  return html`<div class="line">
    <vscode-progress-ring aria-label=${word}></vscode-progress-ring><agor-icon class="still" name="sync"></agor-icon><span class="working">${word}</span></div>`;
}

/** An agent that waits for a turn does so for its first prompt. */
function hasQueue({ state, queuedPrompts }: Agent): boolean {
  return queuedPrompts > (state === 'waitingForTurn' ? 1 : 0);
}

function queueLine({ queuedPrompts }: Agent): TemplateResult {
  return line('clockface', html`${queuedPrompts === 1 ? t('queuedCountOne') : t('queuedCount', queuedPrompts)}`);
}

function line(icon: IconName, sentence: TemplateResult, button: TemplateResult | typeof nothing = nothing, tone = 'quiet'): TemplateResult {
  return html`<div class="line ${tone}"><agor-icon name=${icon}></agor-icon><span>${sentence}</span>${button}</div>`;
}

function action(text: ChatText, run: () => void): TemplateResult {
  return html`<button class="link-button" @click=${run}>${t(text)}</button>`;
}

export const statusLineStyles = css`
  .lines {
    display: flex;
    flex-direction: column;
    gap: 4px;
  }
  .line:last-child {
    margin-bottom: 8px;
  }
  .line {
    display: flex;
    align-items: flex-start;
    gap: 8px;
    min-height: 20px;
    line-height: 20px;
    color: var(--vscode-descriptionForeground);
  }
  .line agor-icon,
  .line vscode-progress-ring {
    flex: none;
    width: 16px;
    height: 16px;
    margin-top: 2px;
  }
  .line > span {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .line .working {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .line .link-button {
    flex: none;
  }
  .line .icon-button {
    margin: -2px 0 -2px auto;
  }
  .line.attention,
  .line.bad {
    color: var(--vscode-foreground);
  }
  .line.attention agor-icon {
    color: var(--vscode-charts-yellow);
  }
  .line.bad > agor-icon {
    color: var(--vscode-errorForeground);
  }
  .line .still {
    display: none;
  }
  @media (prefers-reduced-motion: reduce) {
    vscode-progress-ring {
      display: none;
    }
    .line .still {
      display: inline-flex;
    }
  }
`;
