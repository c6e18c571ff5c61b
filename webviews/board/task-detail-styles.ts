/** Looks of the details of a task. */
import { css } from 'lit';

export const taskDetailStyles = css`
  :host {
    display: block;
    flex: none;
    width: 360px;
    min-height: 0;
    border-left: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
    background: var(--vscode-editor-background);
  }
  aside {
    display: flex;
    flex-direction: column;
    height: 100%;
  }
  header {
    display: flex;
    flex: none;
    align-items: center;
    gap: 8px;
    height: 40px;
    padding: 0 12px 0 20px;
  }
  .number {
    font-variant-numeric: tabular-nums;
    color: var(--vscode-descriptionForeground);
  }
  header .icon-button:first-of-type {
    margin-left: auto;
  }
  .body {
    flex: 1 1 0;
    min-height: 0;
    padding: 4px 20px 20px;
    overflow-y: auto;
    overflow-wrap: anywhere;
  }
  .body:focus-visible {
    outline-offset: -2px;
  }
  h2 {
    margin: 0 0 8px;
    font-size: 1.25em;
    font-weight: 600;
    line-height: 1.35;
  }
  h3 {
    margin: 24px 0 8px;
    font-size: 1em;
    font-weight: 600;
  }
  p {
    margin: 8px 0;
    line-height: 1.5;
  }
  .text {
    white-space: pre-wrap;
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
  .fields {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 8px 16px;
    align-items: center;
    margin: 16px 0 12px;
  }
  .fields label {
    color: var(--vscode-descriptionForeground);
  }
  form {
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  .buttons {
    display: flex;
    justify-content: flex-end;
    gap: 8px;
  }
  .held,
  .question {
    margin-top: 16px;
    padding: 8px 12px 12px;
    border: 1px solid var(--vscode-inputValidation-warningBorder);
    border-radius: 6px;
    background: var(--vscode-inputValidation-warningBackground);
  }
  .held p {
    display: flex;
    gap: 8px;
    margin: 0;
  }
  .held agor-icon {
    margin-top: 2px;
  }
  .held ul {
    margin: 8px 0;
    padding-left: 40px;
    line-height: 1.5;
  }
  .question p {
    margin: 0 0 8px;
  }
  .parts,
  .comments {
    display: flex;
    flex-direction: column;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .parts button {
    display: flex;
    gap: 8px;
    width: calc(100% + 16px);
    margin: 0 -8px;
    padding: 4px 8px;
    border-radius: 4px;
    line-height: 20px;
  }
  .parts .number,
  .by > :not(strong) {
    flex: none;
    white-space: nowrap;
  }
  .by strong {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .parts agor-icon {
    margin-top: 2px;
    color: var(--vscode-descriptionForeground);
  }
  .parts button:hover {
    background: var(--vscode-list-hoverBackground);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
  }
  .part {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .comments {
    gap: 12px;
    margin-bottom: 12px;
  }
  .by {
    display: flex;
    gap: 8px;
    margin-bottom: 2px;
  }
  .deletion {
    margin-top: 24px;
  }
  .deletion .link-button {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    color: var(--vscode-foreground);
  }
  .deletion agor-icon {
    color: var(--vscode-errorForeground);
  }
`;
