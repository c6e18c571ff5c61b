/** The one object that VS Code gives a page: messages to its panel, and state that outlives the page. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare global {
  /** VS Code allows this call once for each page. */
  function acquireVsCodeApi(): VsCodeApi;
}
