/** Looks of the page around the columns. */
import { css } from 'lit';

export const boardPageStyles = css`
  :host {
    display: block;
  }
  main {
    position: relative;
  }
  .toolbar select {
    max-width: 160px;
  }
  .team {
    margin-right: 8px;
    font-weight: 600;
  }
  .search {
    flex: 0 1 240px;
  }
  .toggle {
    margin-left: auto;
  }
  @container (max-width: 760px) {
    agor-task-detail {
      position: absolute;
      z-index: 2;
      inset: 0 0 0 auto;
      width: min(100%, 400px);
      box-shadow: -4px 0 16px var(--vscode-widget-shadow);
    }
  }
  @container (max-width: 520px) {
    agor-task-detail {
      width: 100%;
      border-left: none;
    }
    .search {
      flex: 1 1 100%;
      order: 1;
    }
    .toolbar select {
      flex: 1 1 0;
      max-width: none;
      order: 2;
    }
  }
`;
