/** Looks of the page around its tabs, and of what both tabs have. */
import { css } from 'lit';

export const metricsPageStyles = css`
  :host {
    display: block;
    height: 100vh;
    color: var(--vscode-foreground);
    background: var(--vscode-editor-background);
    font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size, 13px);
    font-weight: var(--vscode-font-weight, normal);
    font-variant-numeric: tabular-nums;
  }
  .page {
    display: flex;
    flex-direction: column;
    height: 100%;
    container-type: inline-size;
  }
  main {
    display: flex;
    flex: 1 1 0;
    flex-direction: column;
    min-height: 0;
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
    animation: appear 0s 400ms both;
  }
  /* What loads at once says nothing. */
  @keyframes appear {
    from {
      visibility: hidden;
    }
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
  .banner {
    display: flex;
    flex: none;
    align-items: flex-start;
    gap: 8px;
    padding: 4px 20px;
    line-height: 20px;
    color: var(--vscode-inputValidation-warningForeground, var(--vscode-foreground));
    background: var(--vscode-inputValidation-warningBackground);
    border-bottom: 1px solid var(--vscode-inputValidation-warningBorder);
  }
  .banner.failed {
    color: var(--vscode-inputValidation-errorForeground, var(--vscode-foreground));
    background: var(--vscode-inputValidation-errorBackground);
    border-bottom-color: var(--vscode-inputValidation-errorBorder);
  }
  .banner > span {
    flex: 1 1 0;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .banner agor-icon {
    margin-top: 2px;
  }
  .banner .icon-button {
    margin: -2px -4px -2px 0;
  }
`;
