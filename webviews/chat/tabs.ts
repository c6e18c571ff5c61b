/** The two views of an agent, its conversation and its messages, as a list of tabs. */
import { css, html, nothing, type TemplateResult } from 'lit';
import type { ChatActions } from './chat-actions.ts';
import type { Tab } from './saved-state.ts';
import { t } from './texts.ts';

const titles = { chat: 'tabChat', comms: 'tabComms' } as const;

export function tabs(shown: Tab, unread: number, actions: ChatActions): TemplateResult {
  return html`<div class="tabs" role="tablist" aria-label=${t('tabs')} @keydown=${(event: KeyboardEvent) => pressed(event, shown, actions)}>
    ${tab('chat', shown, actions)} ${tab('comms', shown, actions, badge(unread))}
  </div>`;
}

function tab(name: Tab, shown: Tab, actions: ChatActions, mark: TemplateResult | typeof nothing = nothing): TemplateResult {
  const isShown = name === shown;
  return html`<button role="tab" data-tab=${name} aria-selected=${isShown} tabindex=${isShown ? 0 : -1} @click=${() => actions.showTab(name)}>
    ${t(titles[name])}${mark}
  </button>`;
}

function badge(unread: number): TemplateResult | typeof nothing {
  if (unread === 0) return nothing;
  const label = unread === 1 ? t('unreadForYouOne') : t('unreadForYou', unread);
  return html`<span class="badge" title=${label}><span aria-hidden="true">${unread > 99 ? '99+' : unread}</span><span class="hidden">${label}</span></span>`;
}

/** Arrows go to the other tab, and so does the keyboard. */
function pressed(event: KeyboardEvent, shown: Tab, actions: ChatActions): void {
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  const other = shown === 'chat' ? 'comms' : 'chat';
  event.preventDefault();
  actions.showTab(other);
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.querySelector<HTMLElement>(`[data-tab=${other}]`)?.focus();
}

export const tabStyles = css`
  .tabs {
    display: flex;
    flex: none;
    gap: 4px;
    align-self: stretch;
  }
  [role='tab'] {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    padding: 2px 8px 0;
    color: var(--vscode-descriptionForeground);
    border-bottom: 2px solid transparent;
  }
  [role='tab']:hover {
    color: var(--vscode-foreground);
  }
  [role='tab'][aria-selected='true'] {
    color: var(--vscode-foreground);
    border-bottom-color: var(--vscode-panelTitle-activeBorder, var(--vscode-focusBorder));
  }
  [role='tab']:focus-visible {
    outline-offset: -4px;
  }
  .badge {
    min-width: 18px;
    padding: 0 5px;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    border-radius: 9px;
    font-size: 0.85em;
    line-height: 16px;
    text-align: center;
    font-variant-numeric: tabular-nums;
    color: var(--vscode-badge-foreground);
    background: var(--vscode-badge-background);
  }
`;
