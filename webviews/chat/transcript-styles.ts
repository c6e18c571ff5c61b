/** Looks of the transcript around its rows. */
import { css } from 'lit';

export const transcriptStyles = css`
  :host {
    position: relative;
    display: flex;
    flex-direction: column;
    flex: 1 1 0;
    min-height: 0;
  }
  .archived {
    padding: 6px 0;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
  }
  .archived .column {
    box-sizing: border-box;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 6px;
  }
  .archived span {
    overflow-wrap: anywhere;
  }
  .scroller {
    flex: 1 1 0;
    min-height: 0;
    overflow-x: hidden;
    overflow-y: auto;
    overflow-anchor: none;
    contain: strict;
  }
  .scroller:focus-visible {
    outline-offset: -2px;
  }
  .space {
    position: relative;
    width: 100%;
    overflow: hidden;
  }
  .frame {
    position: absolute;
    top: 0;
    left: 0;
    width: 100%;
  }
  .row {
    display: flow-root;
  }
  .earlier {
    position: absolute;
    top: 8px;
    left: 50%;
    transform: translateX(-50%);
    padding: 4px 12px;
    border-radius: 12px;
    background: var(--vscode-editorWidget-background);
    border: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder, transparent));
  }
  .latest {
    position: absolute;
    bottom: 8px;
    left: 50%;
    transform: translateX(-50%);
    display: flex;
    align-items: center;
    gap: 4px;
    padding: 4px 12px 4px 8px;
    border-radius: 14px;
    line-height: 20px;
    color: var(--vscode-button-secondaryForeground);
    background: var(--vscode-button-secondaryBackground);
    border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent));
    box-shadow: 0 2px 8px var(--vscode-widget-shadow);
  }
  .latest:hover {
    background: var(--vscode-button-secondaryHoverBackground);
  }
`;
