/** Looks of a message, and of what waits for a decision about one. */
import { css } from 'lit';

export const messageStyles = css`
  .message {
    position: relative;
    padding: 8px 12px;
  }
  .message.reply {
    border-top: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    padding-left: 28px;
  }
  .message.unread::before {
    content: '';
    position: absolute;
    top: 8px;
    bottom: 8px;
    left: 0;
    width: 2px;
    border-radius: 1px;
    background: var(--vscode-focusBorder);
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 12px;
    line-height: 20px;
  }
  .who {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  /* Beside a very long name a short one stays whole. */
  .who > :not(agor-icon) {
    min-width: 3.5ch;
  }
  .attachment .faint {
    flex: none;
    white-space: nowrap;
  }
  .who agor-icon {
    width: 14px;
    height: 14px;
    font-size: 14px;
    color: var(--vscode-descriptionForeground);
  }
  .mark,
  .state,
  .end {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    font-size: 0.9em;
    white-space: nowrap;
    color: var(--vscode-descriptionForeground);
  }
  .end {
    gap: 12px;
    margin-left: auto;
    font-variant-numeric: tabular-nums;
  }
  .state {
    font-size: 1em;
  }
  .state.good agor-icon {
    color: var(--vscode-charts-green);
  }
  .state.attention agor-icon {
    color: var(--vscode-charts-yellow);
  }
  .state.bad agor-icon {
    color: var(--vscode-errorForeground);
  }
  .text {
    margin-top: 4px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    line-height: 1.5;
  }
  .code-point {
    padding: 0 4px;
    border-radius: 4px;
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 0.85em;
    background: var(--vscode-inputValidation-warningBackground);
    outline: 1px solid var(--vscode-inputValidation-warningBorder);
  }
  .attachments {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 8px;
  }
  .attachment {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    max-width: 100%;
    padding: 1px 8px 1px 4px;
    line-height: 20px;
    border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    border-radius: 4px;
    overflow-wrap: anywhere;
  }
  .attachment:hover {
    background: var(--vscode-list-hoverBackground);
  }
  .findings {
    margin-top: 8px;
    font-size: 0.9em;
    color: var(--vscode-descriptionForeground);
  }
  .findings summary {
    display: flex;
    align-items: center;
    gap: 4px;
    width: fit-content;
    cursor: pointer;
  }
  .findings agor-icon,
  .waiting h2 agor-icon {
    color: var(--vscode-charts-yellow);
  }
  .findings ul,
  .waiting ul {
    margin: 8px 0 0;
    padding-left: 24px;
    line-height: 1.5;
  }
  .reply-button {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    margin-top: 4px;
    font-size: 0.9em;
  }
`;
