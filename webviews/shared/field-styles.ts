/** Looks of what is typed into and chosen from. */
import { css } from 'lit';

export const fieldStyles = css`
  input,
  textarea,
  select {
    min-width: 0;
    font: inherit;
    border-radius: 4px;
  }
  input,
  textarea {
    padding: 3px 8px;
    line-height: 18px;
    color: var(--vscode-input-foreground);
    background: var(--vscode-input-background);
    border: 1px solid var(--vscode-input-border, var(--vscode-widget-border, var(--vscode-panel-border)));
  }
  textarea {
    display: block;
    width: 100%;
    min-height: 56px;
    max-height: 40vh;
    field-sizing: content;
    resize: none;
    line-height: 1.5;
  }
  select {
    height: 26px;
    padding: 0 4px;
    text-overflow: ellipsis;
    color: var(--vscode-dropdown-foreground);
    background: var(--vscode-dropdown-background);
    border: 1px solid var(--vscode-dropdown-border, transparent);
  }
  input:focus,
  textarea:focus,
  select:focus {
    outline: none;
    border-color: var(--vscode-focusBorder);
  }
  input::placeholder,
  textarea::placeholder {
    opacity: 1;
    color: var(--vscode-input-placeholderForeground);
  }
`;
