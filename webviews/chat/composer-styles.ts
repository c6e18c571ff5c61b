/** Looks of the box that a prompt or a message is written in. */
import { css } from 'lit';

export const composerBoxStyles = css`
  .box {
    border: 1px solid var(--vscode-input-border, var(--vscode-widget-border, var(--vscode-panel-border)));
    border-radius: 6px;
    background: var(--vscode-input-background);
  }
  .box:focus-within {
    border-color: var(--vscode-focusBorder);
  }
  vscode-text-area {
    display: block;
    width: 100%;
  }
  /* The control takes its name from its text, and a placeholder says the same to the eye. */
  vscode-text-area::part(label) {
    display: none;
  }
  vscode-text-area::part(control) {
    field-sizing: content;
    min-height: 40px;
    max-height: 40vh;
    padding: 8px 12px 4px;
    border: none;
    background: none;
    font-family: inherit;
    font-size: inherit;
    line-height: 1.5;
  }
  vscode-text-area::part(control)::placeholder {
    color: var(--vscode-input-placeholderForeground);
  }
  .bar {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 0 8px 8px 12px;
  }
  .hint {
    flex: 1 1 0;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 0.88em;
    color: var(--vscode-descriptionForeground);
  }
`;
