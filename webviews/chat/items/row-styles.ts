/** Looks of the rows: prompts, folds, tools, plans, notices, ends. */
import { css } from 'lit';

export const rowStyles = css`
  .prompt {
    width: fit-content;
    max-width: 88%;
    margin: 16px 0 8px auto;
    padding: 8px 12px;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    border-radius: 8px;
    background: var(--vscode-chat-requestBubbleBackground, color-mix(in srgb, var(--vscode-foreground) 8%, transparent));
  }
  .prompt-text {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    line-height: 1.5;
  }
  .prompt.queued,
  .prompt.dropped {
    border: 1px dashed var(--vscode-descriptionForeground);
    background: none;
  }
  .mark {
    display: flex;
    align-items: center;
    gap: 4px;
    margin-top: 4px;
    font-size: 0.9em;
    color: var(--vscode-descriptionForeground);
  }
  .message {
    position: relative;
    padding: 8px 0;
  }
  .copy-message {
    position: absolute;
    top: 4px;
    right: -4px;
    opacity: 0;
    background: var(--vscode-editor-background);
  }
  .message:hover .copy-message,
  .copy-message:focus-visible {
    opacity: 1;
  }
  .fold {
    display: flex;
    align-items: center;
    gap: 8px;
    width: calc(100% + 8px);
    min-height: 28px;
    margin: 0 -4px;
    padding: 0 4px;
    border-radius: 4px;
    line-height: 20px;
    color: var(--vscode-descriptionForeground);
  }
  .fold:hover {
    background: var(--vscode-list-hoverBackground);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .fold:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
  }
  .fold .chevron {
    margin-right: -4px;
    opacity: 0.7;
  }
  .fold[aria-expanded='true'] .chevron {
    transform: rotate(90deg);
  }
  /* What is open says it itself. */
  .fold[aria-expanded='true'] .counts {
    display: none;
  }
  .fold-title {
    flex: 0 1 auto;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--vscode-foreground);
  }
  .fold-detail {
    flex: 1 1 0;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-style: italic;
  }
  .fold-end {
    display: flex;
    flex: none;
    align-items: center;
    gap: 8px;
    margin-left: auto;
    font-size: 0.9em;
  }
  .fold-body {
    display: flex;
    flex-direction: column;
    gap: 8px;
    margin: 4px 0 8px 8px;
    padding-left: 16px;
    border-left: 1px solid var(--vscode-tree-indentGuidesStroke, var(--vscode-panel-border));
  }
  .status {
    display: inline-flex;
    align-items: center;
    gap: 4px;
  }
  .thinking .fold-title {
    color: inherit;
  }
  .thinking .fold-body {
    color: var(--vscode-descriptionForeground);
  }
  .mail .fold-detail {
    font-style: normal;
  }
  .mail-text {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    line-height: 1.5;
    color: var(--vscode-descriptionForeground);
  }
  .tool.nested {
    margin-left: 24px;
  }
  .tool.failed .status agor-icon,
  .notice.error agor-icon,
  .turn-end.bad agor-icon {
    color: var(--vscode-errorForeground);
  }
  .tool.ok .status agor-icon {
    color: var(--vscode-charts-green);
  }
  .output {
    margin: 0;
    padding: 8px 12px;
    max-height: 320px;
    overflow: auto;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    line-height: 1.45;
    tab-size: 4;
  }
  .plan {
    margin: 8px 0;
    padding: 8px 12px 12px;
    border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    border-radius: 6px;
  }
  .plan-title {
    display: flex;
    align-items: center;
    gap: 8px;
    line-height: 20px;
    font-weight: 600;
  }
  .plan-title .faint {
    font-weight: normal;
  }
  .plan ul {
    display: flex;
    flex-direction: column;
    gap: 4px;
    margin: 8px 0 0;
    padding: 0;
    list-style: none;
  }
  .plan li {
    display: flex;
    gap: 8px;
    line-height: 20px;
  }
  .plan li agor-icon {
    margin-top: 2px;
    color: var(--vscode-descriptionForeground);
  }
  .plan .done {
    color: var(--vscode-descriptionForeground);
  }
  .plan .done agor-icon {
    color: var(--vscode-charts-green);
  }
  .plan .running agor-icon {
    color: var(--vscode-charts-blue);
  }
  .notice {
    display: flex;
    gap: 8px;
    padding: 4px 0;
    line-height: 20px;
    overflow-wrap: anywhere;
    color: var(--vscode-descriptionForeground);
  }
  .notice .link-button {
    flex: none;
    white-space: nowrap;
  }
  .notice agor-icon {
    margin-top: 2px;
  }
  .notice.info agor-icon {
    color: var(--vscode-charts-blue);
  }
  .notice.warning agor-icon {
    color: var(--vscode-charts-yellow);
  }
  .notice.warning,
  .notice.error {
    color: inherit;
  }
  .turn-end {
    display: flex;
    align-items: baseline;
    gap: 8px;
    padding: 4px 0 8px;
    font-size: 0.9em;
    line-height: 20px;
    overflow-wrap: anywhere;
    color: var(--vscode-descriptionForeground);
  }
  .turn-end .faint {
    flex: none;
  }
  .turn-end.bad {
    color: var(--vscode-foreground);
  }
  .turn-end.bad agor-icon {
    align-self: flex-start;
    margin-top: 2px;
  }
`;
