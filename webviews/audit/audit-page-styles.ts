/** Looks of the page around the rows. */
import { css } from 'lit';

export const auditPageStyles = css`
  :host {
    display: block;
  }
  main {
    position: relative;
  }
  .toolbar select {
    max-width: 176px;
  }
  .search {
    flex: 0 1 220px;
  }
  /* On a line of their own, so that nothing else moves when they come. */
  .moments {
    display: flex;
    flex: 1 1 100%;
    flex-wrap: wrap;
    gap: 8px 16px;
    order: 1;
  }
  .moment {
    display: flex;
    align-items: center;
    gap: 8px;
    color: var(--vscode-descriptionForeground);
  }
  /* The browser draws the calendar, and has to be told what it is drawn on. */
  :host-context(.vscode-dark) .moment input,
  :host-context(.vscode-high-contrast:not(.vscode-high-contrast-light)) .moment input {
    color-scheme: dark;
  }
  .actions {
    display: flex;
    gap: 8px;
    margin-left: auto;
  }
  .banner.whole,
  .banner.checking,
  .banner.around {
    color: var(--vscode-foreground);
    background: none;
    border-bottom-color: var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
  }
  .banner.whole > agor-icon {
    color: var(--vscode-testing-iconPassed, var(--vscode-charts-green, currentColor));
  }
  .breaks {
    flex: 1 1 0;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .banner.checking > span {
    flex: none;
  }
  progress {
    flex: 0 1 240px;
    height: 4px;
    margin: 8px 0;
    border: none;
    appearance: none;
    background: var(--vscode-toolbar-hoverBackground);
    outline: 1px solid var(--vscode-contrastBorder, transparent);
  }
  progress::-webkit-progress-bar {
    background: none;
  }
  progress::-webkit-progress-value {
    background: var(--vscode-progressBar-background, var(--vscode-focusBorder));
  }
  .breaks {
    max-height: 30vh;
    overflow-y: auto;
  }
  .breaks strong {
    font-weight: 600;
  }
  .breaks ul {
    margin: 4px 0;
    padding-left: 20px;
  }
  @container (max-width: 820px) {
    agor-audit-detail {
      position: absolute;
      z-index: 2;
      inset: 0 0 0 auto;
      width: min(100%, 420px);
      box-shadow: -4px 0 16px var(--vscode-widget-shadow);
    }
  }
  @container (max-width: 560px) {
    agor-audit-detail {
      width: 100%;
      border-left: none;
    }
    .search {
      flex: 1 1 100%;
    }
    .toolbar select {
      flex: 1 1 0;
      max-width: none;
    }
    .moment {
      flex: 1 1 100%;
    }
    .moment span {
      flex: none;
      width: 40px;
    }
    .moment input {
      flex: 1 1 0;
    }
    .actions {
      flex: 1 1 100%;
      order: 2;
    }
    .actions vscode-button {
      flex: 1 1 0;
    }
  }
`;
