/** Looks that pages share: the page itself, its banners, the bar above a list, and its search field. */
import { css } from 'lit';

export const pageStyles = css`
  :host {
    height: 100vh;
    color: var(--vscode-foreground);
    background: var(--vscode-editor-background);
    font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size, 13px);
    font-weight: var(--vscode-font-weight, normal);
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
    min-height: 0;
  }
  /* What loads at once says nothing. */
  .loading {
    animation: appear 0s 400ms both;
  }
  @keyframes appear {
    from {
      visibility: hidden;
    }
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
  .banner .icon-button agor-icon {
    margin-top: 0;
  }
`;

export const toolbarStyles = css`
  .toolbar {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    min-height: 40px;
    padding: 6px 20px;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
  }
  .toggle[aria-pressed='true'] {
    color: var(--vscode-inputOption-activeForeground, var(--vscode-foreground));
    background: var(--vscode-inputOption-activeBackground, var(--vscode-toolbar-hoverBackground));
    outline: 1px solid var(--vscode-inputOption-activeBorder, var(--vscode-contrastBorder, transparent));
    outline-offset: -1px;
  }
`;

export const searchStyles = css`
  .search {
    position: relative;
    min-width: 120px;
  }
  .search input {
    width: 100%;
    padding-left: 28px;
  }
  .search agor-icon {
    position: absolute;
    top: 5px;
    left: 8px;
    color: var(--vscode-descriptionForeground);
    pointer-events: none;
  }
`;
