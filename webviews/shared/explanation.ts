/** What stands where there is nothing to show: what would be here, or why it is not. */
import { css, html, nothing, type TemplateResult } from 'lit';
import type { IconName } from './icon.ts';

interface Explanation {
  readonly icon: IconName;
  readonly title: string;
  readonly detail: string;
  readonly button?: TemplateResult;
}

export function explanation({ icon, title, detail, button }: Explanation): TemplateResult {
  return html`<div class="empty">
    <agor-icon name=${icon}></agor-icon>
    <h2>${title}</h2>
    <p>${detail}</p>
    ${button ?? nothing}
  </div>`;
}

export const explanationStyles = css`
  .empty {
    display: flex;
    flex: 1 1 0;
    flex-direction: column;
    align-items: center;
    justify-content: safe center;
    min-height: 0;
    padding: 24px 20px;
    overflow-y: auto;
    text-align: center;
  }
  .empty > agor-icon {
    width: 32px;
    height: 32px;
    font-size: 32px;
    color: var(--vscode-descriptionForeground);
  }
  .empty h2 {
    margin: 12px 0 4px;
    font-size: 1.25em;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .empty p {
    max-width: 440px;
    margin: 0 0 16px;
    line-height: 1.5;
    text-wrap: balance;
    color: var(--vscode-descriptionForeground);
    overflow-wrap: anywhere;
  }
`;
