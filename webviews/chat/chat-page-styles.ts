/** Looks of the chat page around its parts. */
import { css } from 'lit';

export const chatPageStyles = css`
  :host {
    background: var(--vscode-editor-background);
    display: flex;
    flex-direction: column;
    height: 100vh;
    color: var(--vscode-foreground);
    font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size, 13px);
    font-weight: var(--vscode-font-weight, normal);
  }
  main {
    display: flex;
    flex: 1 1 0;
    flex-direction: column;
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
  .banner agor-icon {
    margin-top: 2px;
  }
`;
