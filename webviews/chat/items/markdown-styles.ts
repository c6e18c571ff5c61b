/** Looks of messages: markdown, code and its colours. */
import { css } from 'lit';

export const markdownStyles = css`
  .markdown {
    overflow-wrap: anywhere;
    line-height: 1.55;
  }
  /* What is out of sight keeps the height that it had, so that one more word costs the same however long the message is. */
  .markdown.growing .part:not(:last-child) {
    content-visibility: auto;
    contain-intrinsic-block-size: auto 300px;
  }
  .markdown .part + .part,
  .markdown .part > * + * {
    margin-top: 8px;
  }
  .markdown p,
  .markdown ul,
  .markdown ol,
  .markdown blockquote,
  .markdown h2,
  .markdown h3,
  .markdown h4,
  .markdown h5,
  .markdown h6 {
    margin: 0;
  }
  .markdown h2,
  .markdown h3,
  .markdown h4,
  .markdown h5,
  .markdown h6 {
    font-size: 1em;
    font-weight: 600;
    line-height: 1.4;
    padding-top: 4px;
  }
  .markdown h2 {
    font-size: 1.25em;
  }
  .markdown h3 {
    font-size: 1.12em;
  }
  .markdown ul,
  .markdown ol {
    padding-left: 24px;
  }
  .markdown li + li,
  .markdown li > p + p,
  .markdown li > ul,
  .markdown li > ol {
    margin-top: 4px;
  }
  .markdown li::marker {
    color: var(--vscode-descriptionForeground);
  }
  .markdown a {
    color: var(--vscode-textLink-foreground);
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  .markdown a:hover {
    color: var(--vscode-textLink-activeForeground);
  }
  .markdown blockquote {
    padding-left: 12px;
    border-left: 2px solid var(--vscode-textBlockQuote-border);
    color: var(--vscode-descriptionForeground);
  }
  .markdown hr {
    border: none;
    border-top: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    margin: 16px 0;
  }
  code,
  pre {
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 0.92em;
  }
  .markdown :not(pre) > code,
  .facts code {
    padding: 1px 4px;
    border-radius: 4px;
    background: var(--vscode-textPreformat-background);
    color: var(--vscode-textPreformat-foreground);
  }
  .markdown li pre,
  .markdown blockquote pre {
    margin: 4px 0;
    padding: 8px 12px;
    overflow: auto;
    border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    border-radius: 4px;
    background: var(--vscode-textCodeBlock-background);
  }
  .markdown .table {
    overflow-x: auto;
  }
  .markdown table {
    border-collapse: collapse;
  }
  .markdown th,
  .markdown td {
    padding: 4px 12px;
    border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    text-align: left;
    overflow-wrap: normal;
  }
  .markdown th {
    font-weight: 600;
    background: var(--vscode-textCodeBlock-background);
  }
  .markdown .align-right {
    text-align: right;
  }
  .markdown .align-center {
    text-align: center;
  }
  .code,
  .section,
  .diff {
    border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    border-radius: 4px;
    overflow: hidden;
    background: var(--vscode-editor-background);
  }
  .code-bar {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 28px;
    padding: 0 2px 0 12px;
    font-size: 0.88em;
    color: var(--vscode-descriptionForeground);
    background: var(--vscode-textCodeBlock-background);
  }
  .code-bar > :last-child {
    margin-left: auto;
  }
  .code pre {
    margin: 0;
    padding: 8px 12px 12px;
    overflow: auto;
    line-height: 1.5;
    tab-size: 2;
  }
  .token-comment,
  .token-inserted {
    color: var(--vscode-gitDecoration-addedResourceForeground);
  }
  .token-keyword,
  .token-link {
    color: var(--vscode-debugTokenExpression-boolean);
  }
  .token-string,
  .token-string-expression {
    color: var(--vscode-debugTokenExpression-string);
  }
  .token-constant {
    color: var(--vscode-debugTokenExpression-number);
  }
  .token-function {
    color: var(--vscode-debugTokenExpression-name);
  }
  .token-deleted {
    color: color-mix(in srgb, var(--vscode-gitDecoration-deletedResourceForeground) 60%, var(--vscode-foreground));
  }
`;
