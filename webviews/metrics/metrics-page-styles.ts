/** Looks of the page around its tabs, and of what both tabs have. */
import { css } from 'lit';

export const metricsPageStyles = css`
  :host {
    display: block;
    font-variant-numeric: tabular-nums;
  }
  main {
    flex-direction: column;
    overflow-y: auto;
    outline: none;
  }
  .tabs {
    display: flex;
    flex: none;
    gap: 16px;
    padding: 0 20px;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
  }
  .tabs button {
    padding: 9px 2px 8px;
    color: var(--vscode-panelTitle-inactiveForeground, var(--vscode-descriptionForeground));
    border-bottom: 1px solid transparent;
  }
  .tabs button:hover {
    color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
  }
  .tabs [aria-selected='true'] {
    color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
    border-bottom-color: var(--vscode-panelTitle-activeBorder, var(--vscode-foreground));
  }
  .loading {
    padding: 12px 20px;
  }
  .card {
    min-width: 0;
    padding: 12px 16px;
    background: var(--vscode-editorWidget-background);
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, var(--vscode-panel-border, transparent)));
    border-radius: 6px;
  }
  h2 {
    margin: 0;
    font-size: 1em;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .card p {
    margin: 8px 0 0;
    overflow-wrap: anywhere;
  }
  dl,
  dd,
  dt {
    margin: 0;
  }
  .value {
    display: flex;
    align-items: center;
    gap: 8px;
    font-size: 1.5em;
    line-height: 1.3;
  }
  agor-icon.large {
    color: var(--vscode-charts-yellow);
  }
  agor-icon.critical {
    color: var(--vscode-errorForeground);
  }
  .bar {
    display: block;
    width: 100%;
    height: 6px;
    border-radius: 3px;
    fill: var(--vscode-charts-blue);
    outline: 1px solid var(--vscode-contrastBorder, transparent);
  }
  .bar .whole {
    fill: var(--vscode-foreground);
    fill-opacity: 0.12;
  }
  .bar.large {
    fill: var(--vscode-charts-yellow);
  }
  .bar.critical {
    fill: var(--vscode-errorForeground);
  }
`;
