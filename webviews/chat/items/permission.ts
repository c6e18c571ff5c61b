/** A question of the agent: exactly what it asks to do, and the answers a person can give. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Decision } from '../../../server/protocol/agent-event.ts';
import type { Approval, ApprovalState } from '../../../server/protocol/approval.ts';
import type { ChatText } from '../../../server/protocol/chat-texts.ts';
import { otherLettersOf } from '../../../server/protocol/other-letters.ts';
import type { RuleEffect } from '../../../server/protocol/rule.ts';
import { isClipped } from '../../shared/clipped.ts';
import type { IconName } from '../../shared/icon.ts';
import { visibleText } from '../../shared/visible.ts';
import { countHidden, type TextPart, visibleParts } from '../../shared/visible-text.ts';
import { type PageText, t } from '../texts.ts';
import { diffBlock } from './diff.ts';
import { filledValues, formFields } from './form.ts';
import type { Question, RowContext } from './row-context.ts';

const buttons: Record<Decision, { text: PageText; appearance: 'primary' | 'secondary' }> = {
  allowOnce: { text: 'allowOnce', appearance: 'primary' },
  allowSession: { text: 'allowSession', appearance: 'secondary' },
  deny: { text: 'deny', appearance: 'secondary' },
  cancel: { text: 'formCancel', appearance: 'secondary' },
};
/** A form is sent and not allowed. */
const formButtons: typeof buttons = {
  ...buttons,
  allowOnce: { text: 'formSend', appearance: 'primary' },
  deny: { text: 'formDecline', appearance: 'secondary' },
};
const order: readonly Decision[] = ['allowOnce', 'allowSession', 'deny', 'cancel'];

const answers: Record<Exclude<ApprovalState, 'open'>, { text: ChatText; icon: IconName }> = {
  allowedOnce: { text: 'allowedOnce', icon: 'check' },
  allowedForSession: { text: 'allowedForSession', icon: 'check-all' },
  denied: { text: 'denied', icon: 'circle-slash' },
  withdrawn: { text: 'withdrawn', icon: 'close' },
  expired: { text: 'expired', icon: 'close' },
  cancelled: { text: 'cancelled', icon: 'close' },
};

export function permissionRow(item: Question, context: RowContext): TemplateResult {
  return item.state === 'open' ? openQuestion(item, context) : answeredQuestion(item, item.state, context);
}

/** Who answered is told where it was no person. */
function outcomeOf({ answeredBy }: Question, state: Exclude<ApprovalState, 'open'>): { text: ChatText; icon: IconName } {
  const { text, icon } = answers[state];
  const isNo = state === 'denied';
  if (answeredBy?.startsWith('rule:')) return { text: isNo ? 'deniedByRule' : 'allowedByRule', icon };
  if (answeredBy?.startsWith('mode:')) return { text: isNo ? 'deniedByMode' : 'allowedByMode', icon };
  return { text, icon };
}

function openQuestion(item: Question, context: RowContext): TemplateResult {
  const state = context.questionState(item);
  const because = context.approvalOf(item)?.askedBecause;
  const shownButtons = item.request.form ? formButtons : buttons;
  return html`<section class="question open" data-question=${item.approvalId} tabindex="-1" aria-label="${t('permissionAsked')}: ${item.request.title}">
    <div class="question-title"><agor-icon name="shield"></agor-icon><h2>${shown(item.request.title)}</h2></div>
    ${questionBody(item, context)} ${formFields(item, context)} ${context.isUnfenced() ? warning(t('permissionUnfenced')) : nothing}
    ${because ? warning(t('permissionAskedBecause', because)) : nothing}
    <div class="buttons">
      ${order
        .filter((decision) => item.request.decisions.includes(decision))
        .map(
          (decision) =>
            html`<vscode-button
              appearance=${shownButtons[decision].appearance}
              data-decision=${decision}
              ?disabled=${state !== 'ready'}
              @click=${(event: MouseEvent) => give(item, decision, { context, event })}
              >${t(shownButtons[decision].text)}</vscode-button
            >`,
        )}
      ${moreAnswers(item, context, state)}
      ${state === 'answering' ? html`<span class="faint">${t('answering')}</span>` : nothing}
    </div>
  </section>`;
}

/** A form is not sent before it is filled in. */
function give(item: Question, decision: Decision, { context, event }: { readonly context: RowContext; readonly event: MouseEvent }): void {
  if (decision === 'allowOnce' && !context.forms.isAnswer(item)) return;
  context.answer(item, decision, event.detail === 0 ? 'keyboard' : 'pointer');
}

/** Rules are rare, so they are behind a button of their own and not beside those that are pressed each time. */
function moreAnswers(item: Question, context: RowContext, state: ReturnType<RowContext['questionState']>): TemplateResult {
  const part = `${item.id}/more`;
  const isOpen = context.isOpen(part) ?? false;
  const rule = (effect: RuleEffect, text: ChatText) =>
    html`<vscode-button
      appearance="secondary"
      data-decision=${effect}
      ?disabled=${state !== 'ready'}
      @click=${(event: MouseEvent) => context.addRule(item, effect, event.detail === 0 ? 'keyboard' : 'pointer')}
      >${t(text)}</vscode-button
    >`;
  return html`<button
      class="icon-button"
      title=${t('moreAnswers')}
      aria-label=${t('moreAnswers')}
      aria-expanded=${isOpen}
      @click=${() => context.setOpen(part, !isOpen)}
    >
      <agor-icon name=${isOpen ? 'chevron-up' : 'chevron-down'}></agor-icon>
    </button>
    ${isOpen ? html`<div class="more-answers">${item.request.form ? nothing : rule('always', 'alwaysAllow')}${rule('never', 'neverAllow')}</div>` : nothing}`;
}

function answeredQuestion(item: Question, state: Exclude<ApprovalState, 'open'>, context: RowContext): TemplateResult {
  const isOpen = context.isOpen(item.id) ?? false;
  const { text, icon } = outcomeOf(item, state);
  return html`<div class="question answered ${state}">
    <button class="fold" aria-expanded=${isOpen} @click=${() => context.setOpen(item.id, !isOpen)}>
      <agor-icon class="chevron" name="chevron-right"></agor-icon>
      <agor-icon name="shield"></agor-icon>
      <span class="fold-title">${shown(item.request.title)}</span>
      <span class="fold-end"><span class="status">${t(text)} <agor-icon name=${icon}></agor-icon></span></span>
    </button>
    ${isOpen ? html`<div class="fold-body">${questionBody(item, context)} ${filledValues(item.values)}</div>` : nothing}
  </div>`;
}

/** While the question is open nothing is shortened here: what is not seen must not be allowed. */
function questionBody(item: Question, context: RowContext): TemplateResult {
  const { id, request, state } = item;
  const command = request.command === null ? [] : visibleParts(request.command);
  const texts = request.content.filter((content) => content.type === 'text').map((content) => visibleParts(content.text));
  const paths = request.content.filter((content) => content.type === 'diff').map((content) => visibleParts(content.path));
  return html`
    ${request.reason ? html`<div class="reason">${shown(request.reason)}</div>` : nothing}
    ${request.command === null ? nothing : html`<pre class="command" tabindex="0" aria-label=${t('permissionCommand')}>${visibleText(command)}</pre>`}
    ${texts.map((parts) => html`<pre class="command" tabindex="0">${visibleText(parts)}</pre>`)}
    ${hiddenWarning([command, ...texts, ...paths].flat())} ${lettersWarning(request)} ${request.content.some(isClipped) ? warning(t('permissionClipped')) : nothing}
    ${request.content.map((content, index) =>
      content.type === 'diff'
        ? diffBlock(content, { part: `${id}/${index}`, shows: state === 'open' ? 'everything' : 'beginning' }, context)
        : nothing,
    )}
    ${facts(item, context.approvalOf(item))}
  `;
}

function facts({ request, state }: Question, approval: Approval | undefined): TemplateResult {
  const fact = (name: ChatText, value: string | null | undefined) =>
    value ? html`<span>${t(name)} <code>${shown(value)}</code></span>` : nothing;
  const expiresAt = approval?.expiresAt ?? null;
  return html`<div class="facts">
    ${fact('permissionTool', request.toolName)} ${fact('permissionFolder', request.cwd)} ${fact('permissionProgram', request.resolved)}
    ${fact('permissionKind', kindOf(request, approval))}
    ${
      state !== 'open' || expiresAt === null
        ? nothing
        : html`<span>${t('permissionExpires')} <agor-countdown until=${expiresAt}></agor-countdown>
            <span class="hidden">${new Date(expiresAt).toLocaleTimeString()}</span></span>`
    }
  </div>`;
}

/** What is a kind by itself is named after its command, which is shown anyway. */
function kindOf({ command, title }: Question['request'], approval: Approval | undefined): string | undefined {
  const kind = approval?.kindLabel;
  const isSaid = kind !== undefined && [command, title].some((text) => text?.startsWith(kind.replace(/…$/, '')));
  return isSaid ? undefined : kind;
}

function hiddenWarning(parts: readonly TextPart[]): TemplateResult | typeof nothing {
  const count = countHidden(parts);
  if (count === 0) return nothing;
  return warning(count === 1 ? t('permissionHiddenOne') : t('permissionHidden', count));
}

/** Look-alikes of plain letters are seen, and taken for them. */
function lettersWarning(request: Question['request']): TemplateResult | typeof nothing {
  const letters = otherLettersOf(request);
  return letters.length === 0 ? nothing : warning(t('permissionLetters', letters.join(', ')));
}

function warning(sentence: string): TemplateResult {
  return html`<div class="hidden-warning"><agor-icon name="warning"></agor-icon>${sentence}</div>`;
}

function shown(text: string): (TemplateResult | string)[] {
  return visibleText(visibleParts(text));
}
