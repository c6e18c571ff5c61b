/** A task as it lies on the board. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { Task } from '../../server/protocol/task.ts';
import { agoText } from '../shared/ago.ts';
import { nameOf, priorityLooks } from './looks.ts';
import { t } from './texts.ts';

export interface CardContext {
  readonly now: number;
  /** How many parts each task has, and how many of them are done, by its number. */
  readonly parts: ReadonlyMap<number, PartCount>;
}

export interface PartCount {
  readonly done: number;
  readonly all: number;
}

export interface CardState {
  readonly isOpen: boolean;
  readonly isCarried: boolean;
  /** The one card that the Tab key goes to. */
  readonly isCurrent: boolean;
}

export function card(task: Task, { isOpen, isCarried, isCurrent }: CardState, context: CardContext): TemplateResult {
  return html`<button
    class=${classMap({ card: true, open: isOpen, carried: isCarried })}
    data-task=${task.id}
    tabindex=${isCurrent ? 0 : -1}
    aria-describedby="keys"
    aria-current=${isOpen ? 'true' : nothing}
  >
    ${face(task, context)}
  </button>`;
}

/** What is on the card, also while it is dragged. */
export function face(task: Task, context: CardContext): TemplateResult {
  const { icon, word } = priorityLooks[task.priority];
  return html`
    <span class="line">
      <span class="number">#${task.number}</span>
      <span class="priority ${task.priority}"><agor-icon name=${icon}></agor-icon>${t(word)}</span>
      <span class="facts">${task.isHeld ? heldMark() : nothing} ${partMark(task, context)} ${parentMark(task)}</span>
    </span>
    <span class="title">${task.title}</span>
    <span class="line">
      <span class="assignee ${task.assignee ? '' : 'nobody'}">
        <agor-icon name="account"></agor-icon><span class="name">${nameOf(task.assignee)}</span>
      </span>
      <span class="facts">${commentMark(task)} <span>${agoText(task.updatedAt, context.now, 'narrow')}</span></span>
    </span>
  `;
}

function heldMark(): TemplateResult {
  return html`<span class="held" title=${t('heldDetail')}><agor-icon name="shield"></agor-icon>${t('heldShort')}</span>`;
}

function partMark({ number }: Task, { parts }: CardContext): TemplateResult | typeof nothing {
  const count = parts.get(number);
  if (!count) return nothing;
  const label = t('parts', count.done, count.all);
  return html`<span class="fact" title=${label}
    ><agor-icon name="list-tree"></agor-icon><span aria-hidden="true">${count.done}/${count.all}</span><span class="hidden">${label}</span></span
  >`;
}

function commentMark({ comments }: Task): TemplateResult | typeof nothing {
  if (comments === 0) return nothing;
  const label = comments === 1 ? t('commentsOne') : t('comments', comments);
  return html`<span class="fact" title=${label}
    ><agor-icon name="comment"></agor-icon><span aria-hidden="true">${comments}</span><span class="hidden">${label}</span></span
  >`;
}

function parentMark({ parent }: Task): TemplateResult | typeof nothing {
  return parent === null ? nothing : html`<span class="fact">${t('partOf', parent)}</span>`;
}

export const cardStyles = css`
  .card {
    display: flex;
    flex-direction: column;
    gap: 4px;
    width: 100%;
    padding: 8px 12px;
    border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    border-radius: 6px;
    text-align: left;
    color: var(--vscode-foreground);
    background: var(--vscode-editor-background);
    cursor: grab;
  }
  .card:hover {
    background: var(--vscode-list-hoverBackground);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
  }
  .card.open {
    border-color: var(--vscode-focusBorder);
  }
  .card:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .card.carried {
    border-style: dashed;
    border-color: var(--vscode-focusBorder);
    background: none;
  }
  .line {
    display: flex;
    align-items: center;
    gap: 8px;
    min-width: 0;
    font-size: 0.88em;
    line-height: 16px;
    color: var(--vscode-descriptionForeground);
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .title {
    display: -webkit-box;
    overflow: hidden;
    line-height: 1.4;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
  }
  .priority,
  .held,
  .fact,
  .assignee {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-width: 0;
    white-space: nowrap;
  }
  .line agor-icon {
    width: 14px;
    height: 14px;
    font-size: 14px;
  }
  .priority.critical agor-icon {
    color: var(--vscode-errorForeground);
  }
  .priority.high agor-icon,
  .held agor-icon {
    color: var(--vscode-charts-yellow);
  }
  .priority.critical,
  .priority.high,
  .held {
    color: var(--vscode-foreground);
  }
  .name {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .assignee {
    flex: 0 1 auto;
  }
  .facts {
    display: flex;
    flex: none;
    gap: 8px;
    margin-left: auto;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
`;
