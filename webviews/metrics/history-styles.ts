/** Looks of the tab that shows the last sessions of a project. */
import { css } from 'lit';

export const historyStyles = css`
  .history {
    display: flex;
    flex: 1 0 auto;
    flex-direction: column;
    gap: 16px;
    padding: 12px 20px 20px;
  }
  .toolbar {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .toolbar select {
    max-width: 200px;
  }
  .search {
    flex: 0 1 240px;
  }
  .export {
    margin-left: auto;
  }
  .charts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(168px, 1fr));
    gap: 12px;
  }
  .chart .value {
    align-items: baseline;
  }
  .chart .value .faint {
    font-size: 0.65em;
  }
  svg.sparkline {
    display: block;
    width: 100%;
    height: 36px;
    margin: 8px 0;
    overflow: visible;
  }
  .sparkline.faint {
    height: 36px;
    margin: 8px 0;
    line-height: 36px;
  }
  .sparkline polyline {
    fill: none;
    stroke: var(--vscode-charts-blue);
    stroke-width: 1.5;
    stroke-linejoin: round;
    stroke-linecap: round;
    vector-effect: non-scaling-stroke;
  }
  .sparkline .end {
    stroke-width: 5;
  }
  .sparkline .ground {
    stroke: var(--vscode-foreground);
    stroke-opacity: 0.15;
    vector-effect: non-scaling-stroke;
  }
  .bounds {
    display: flex;
    justify-content: space-between;
    gap: 8px;
    font-size: 0.9em;
  }
  .bounds dt,
  .sums dt {
    color: var(--vscode-descriptionForeground);
  }
  .sums {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 32px;
  }
  .sums dd {
    font-weight: 600;
  }
  .table {
    overflow-x: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th {
    padding: 0;
    text-align: left;
    font-weight: 600;
    white-space: nowrap;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
  }
  th button {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    width: 100%;
    padding: 6px 8px;
  }
  th.number button {
    justify-content: flex-end;
  }
  th button:hover {
    background: var(--vscode-list-hoverBackground);
  }
  td {
    padding: 6px 8px;
    vertical-align: top;
    white-space: nowrap;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
  }
  th:first-child button,
  td:first-child {
    padding-left: 0;
  }
  .number {
    text-align: right;
  }
  .title {
    width: 100%;
    min-width: 200px;
    max-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .title button {
    display: block;
    max-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .title .why {
    overflow: hidden;
    text-overflow: ellipsis;
    color: var(--vscode-descriptionForeground);
  }
  .agent-name,
  .model {
    max-width: 140px;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .status agor-icon {
    margin-right: 4px;
    vertical-align: text-bottom;
  }
  .status.success agor-icon {
    color: var(--vscode-charts-green);
  }
  .status.error agor-icon {
    color: var(--vscode-errorForeground);
  }
  @container (max-width: 520px) {
    .search {
      flex: 1 1 100%;
      order: 1;
    }
    .charts {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    /* The fifth of five has nobody beside it. */
    .chart:last-child {
      grid-column: 1 / -1;
    }
  }
`;
