/** Looks of the details of a row. */
import { css } from 'lit';

export const rowDetailStyles = css`
  :host {
    display: block;
    flex: none;
    width: 400px;
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
    gap: 4px;
    height: 40px;
    padding: 0 12px 0 20px;
  }
  .number {
    margin-right: auto;
    font-variant-numeric: tabular-nums;
    color: var(--vscode-descriptionForeground);
  }
  .body {
    flex: 1 1 0;
    min-height: 0;
    padding: 8px 20px 20px;
    overflow-y: auto;
    overflow-wrap: anywhere;
  }
  .body:focus-visible {
    outline-offset: -2px;
  }
  h2 {
    margin: 0 0 12px;
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 1.15em;
    font-weight: 600;
    line-height: 1.35;
  }
  h2 agor-icon {
    margin-right: 6px;
    vertical-align: -3px;
    color: var(--vscode-list-warningForeground, var(--vscode-editorWarning-foreground));
  }
  h3 {
    margin: 24px 0 8px;
    font-size: 1em;
    font-weight: 600;
  }
  dl {
    display: grid;
    grid-template-columns: 88px minmax(0, 1fr);
    gap: 8px 12px;
    margin: 0 0 16px;
    line-height: 1.5;
  }
  dt {
    color: var(--vscode-descriptionForeground);
  }
  dd {
    margin: 0;
  }
  .code,
  .chain dd {
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 0.92em;
  }
  .chain {
    margin: 24px 0 0;
    padding-top: 16px;
    border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
  }
  table {
    display: block;
    line-height: 1.5;
  }
  tbody {
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  tr {
    display: grid;
    grid-template-columns: 88px minmax(0, 1fr);
    gap: 4px 12px;
  }
  tr.long {
    grid-template-columns: minmax(0, 1fr);
  }
  th {
    padding: 0;
    font-weight: normal;
    text-align: left;
    color: var(--vscode-descriptionForeground);
  }
  td {
    padding: 0;
    white-space: pre-wrap;
  }
  pre {
    max-height: 320px;
    margin: 0;
    padding: 8px;
    overflow: auto;
    border-radius: 4px;
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 0.92em;
    line-height: 1.45;
    white-space: pre-wrap;
    color: var(--vscode-editor-foreground);
    background: var(--vscode-textCodeBlock-background);
    outline: 1px solid var(--vscode-contrastBorder, transparent);
    outline-offset: -1px;
  }
  pre:focus-visible {
    outline-color: var(--vscode-focusBorder);
  }
  p {
    margin: 8px 0;
    line-height: 1.5;
  }
  .added {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .code-point {
    padding: 0 2px;
    border: 1px solid var(--vscode-inputValidation-warningBorder);
    border-radius: 2px;
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 0.85em;
  }
`;
