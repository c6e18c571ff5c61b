/** Looks of the Comms tab. */
import { css } from 'lit';

export const commsStyles = css`
  :host {
    display: block;
    flex: 1 1 0;
    min-height: 0;
    container-type: inline-size;
  }
  .comms {
    display: flex;
    height: 100%;
  }
  .content {
    display: flex;
    flex: 1 1 0;
    flex-direction: column;
    min-width: 0;
  }
  nav {
    display: flex;
    flex: none;
    flex-direction: column;
    gap: 2px;
    width: 168px;
    padding: 12px 8px;
    overflow-y: auto;
    border-right: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
  }
  nav button {
    display: flex;
    flex: none;
    align-items: center;
    gap: 8px;
    padding: 2px 12px;
    line-height: 22px;
    border-radius: 4px;
    overflow: hidden;
    white-space: nowrap;
  }
  nav button:hover {
    background: var(--vscode-list-hoverBackground);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
  }
  nav .shown {
    color: var(--vscode-list-activeSelectionForeground, var(--vscode-foreground));
    background: var(--vscode-list-activeSelectionBackground, var(--vscode-toolbar-hoverBackground));
    outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  nav button:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .nav-title {
    margin: 12px 0 2px;
    padding: 0 12px;
    font-size: 0.88em;
    color: var(--vscode-descriptionForeground);
  }
  .hash {
    width: 16px;
    text-align: center;
    color: var(--vscode-descriptionForeground);
  }
  .scroller {
    flex: 1 1 0;
    min-height: 0;
    padding: 12px 0;
    overflow-x: hidden;
    overflow-y: auto;
    overflow-anchor: none;
  }
  .scroller:focus-visible {
    outline-offset: -2px;
  }
  .scroller > .column {
    display: flex;
    flex-direction: column;
    gap: 12px;
    min-height: 100%;
  }
  .loading {
    animation: appear 0s 400ms both;
  }
  @keyframes appear {
    from {
      visibility: hidden;
    }
  }
  .earlier {
    align-self: center;
  }
  .thread,
  .waiting {
    border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    border-radius: 6px;
  }
  .scroller > .column > :first-child {
    margin-top: auto;
  }
  .waiting {
    padding: 12px;
    border-left: 2px solid var(--vscode-charts-yellow);
    border-radius: 0 6px 6px 0;
  }
  .waiting h2 {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 0;
    font-size: 1em;
    font-weight: 600;
    line-height: 20px;
  }
  .waiting p {
    margin: 4px 0 0;
    line-height: 1.5;
  }
  .waiting article {
    padding-top: 8px;
  }
  .waiting article + article {
    margin-top: 12px;
    border-top: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
  }
  .quoted {
    padding-left: 12px;
    border-left: 2px solid var(--vscode-textBlockQuote-border, var(--vscode-panel-border));
  }
  .buttons {
    display: flex;
    justify-content: flex-end;
    gap: 8px;
    margin-top: 8px;
  }
  .composer {
    flex: none;
    padding-top: 8px;
    padding-bottom: 12px;
  }
  .composer .line {
    margin-bottom: 8px;
  }
  .one-line {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  label.hint {
    display: flex;
    align-items: center;
    gap: 8px;
    cursor: pointer;
  }
  input[type='checkbox'] {
    width: 16px;
    height: 16px;
    margin: 0;
    accent-color: var(--vscode-button-background);
  }
  @container (max-width: 640px) {
    .comms {
      flex-direction: column;
    }
    nav {
      flex-direction: row;
      width: auto;
      padding: 4px 12px;
      overflow-x: auto;
      border-right: none;
      border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
    }
    .nav-title {
      display: none;
    }
    nav .hash {
      width: auto;
    }
    nav button {
      gap: 4px;
    }
    .content {
      min-height: 0;
    }
  }
`;
