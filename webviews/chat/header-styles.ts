/** Looks of the top line. */
import { css } from 'lit';

export const headerStyles = css`
  :host {
    display: block;
    flex: none;
    container-type: inline-size;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
  }
  header {
    display: flex;
    align-items: center;
    gap: 16px;
    height: 40px;
    padding: 0 12px 0 20px;
  }
  .who,
  .use,
  .actions,
  .context {
    display: flex;
    align-items: center;
    gap: 8px;
    min-width: 0;
    white-space: nowrap;
  }
  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    font-weight: 600;
  }
  .use {
    flex: 1 1 0;
    gap: 16px;
    justify-content: flex-end;
    overflow: hidden;
    font-size: 0.92em;
    font-variant-numeric: tabular-nums;
    color: var(--vscode-descriptionForeground);
  }
  .model {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .actions {
    flex: none;
    gap: 4px;
  }
  .good {
    color: var(--vscode-charts-green);
  }
  .busy {
    color: var(--vscode-charts-blue);
  }
  .attention {
    color: var(--vscode-charts-yellow);
  }
  .bad {
    color: var(--vscode-errorForeground);
  }
  .quiet {
    color: var(--vscode-descriptionForeground);
  }
  .mode {
    display: inline-flex;
    flex: none;
    align-items: center;
    gap: 4px;
    height: 22px;
    padding: 0 6px;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    border-radius: 4px;
    background: none;
    font: inherit;
    font-size: 0.92em;
    cursor: pointer;
  }
  .mode:hover {
    background: var(--vscode-toolbar-hoverBackground);
  }
  .mode span {
    color: var(--vscode-foreground);
  }
  meter {
    width: 48px;
    height: 4px;
    margin-top: 2px;
    border: none;
    background: none;
    -webkit-appearance: none;
  }
  meter::-webkit-meter-inner-element {
    display: block;
    height: 4px;
  }
  meter::-webkit-meter-bar {
    height: 4px;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    border-radius: 2px;
    background: color-mix(in srgb, var(--vscode-foreground) 18%, transparent);
  }
  meter::-webkit-meter-optimum-value {
    border-radius: 2px;
    background: var(--vscode-progressBar-background);
  }
  meter::-webkit-meter-suboptimum-value {
    border-radius: 2px;
    background: var(--vscode-charts-yellow);
  }
  select {
    width: 200px;
    height: 24px;
    padding: 0 4px;
    margin-right: 4px;
    font: inherit;
    font-size: 0.92em;
    text-overflow: ellipsis;
    color: var(--vscode-dropdown-foreground);
    background: var(--vscode-dropdown-background);
    border: 1px solid var(--vscode-dropdown-border, transparent);
    border-radius: 4px;
  }
  @container (max-width: 700px) {
    .model {
      display: none;
    }
    select {
      width: 128px;
    }
  }
  @container (max-width: 520px) {
    .use,
    .state,
    .mode span {
      display: none;
    }
    .actions {
      flex: 0 1 auto;
      margin-left: auto;
    }
    header {
      gap: 8px;
    }
    select {
      flex: 0 1 128px;
      min-width: 40px;
    }
  }
`;
