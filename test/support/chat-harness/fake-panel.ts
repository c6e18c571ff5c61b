/** What every page of the harness finds in the place of VS Code: `acquireVsCodeApi` and the messages of its panel. */
import type { ErrorCode } from '../../../server/protocol/errors.ts';
import type { Notification, NotificationParams } from '../../../server/protocol/notifications.ts';
import type { ConnectionState, FromWebview, ToWebview } from '../../../server/protocol/webview.ts';
import { Inspection } from './inspect.ts';
import { applyTheme, type ThemeName } from './themes.ts';

type Request = Extract<FromWebview, { type: 'request' }>;
type Refusal = string | { readonly code: ErrorCode; readonly message: string };

export abstract class FakePanel {
  /** Everything the page said, oldest first. */
  readonly sent: FromWebview[] = [];
  readonly violations: string[] = [];
  /** What the next request of this method is refused with; a sentence alone is the code `refused`. */
  readonly refusals = new Map<string, Refusal>();

  /** Puts the text wherever somebody else's may stand, and tells the page. */
  abstract fill(text: string): void;

  protected abstract welcome(): ToWebview;
  protected abstract result(method: string, params: Record<string, unknown>): unknown;

  receive(message: FromWebview): void {
    this.sent.push(message);
    if (message.type === 'ready') this.tell(this.welcome());
    if (message.type === 'request') this.#answer(message);
  }

  tell(message: ToWebview): void {
    // As in VS Code, a message arrives later than it was sent, as a copy.
    const data: unknown = structuredClone(message);
    setTimeout(() => window.dispatchEvent(new MessageEvent('message', { data })), 0);
  }

  notify<N extends Notification>(method: N, params: NotificationParams<N>): void {
    this.tell({ type: 'notification', method, params });
  }

  connection(state: ConnectionState): void {
    this.tell({ type: 'connection', state });
  }

  theme(name: ThemeName): void {
    applyTheme(name);
  }

  #answer({ id, method, params }: Request): void {
    const refusal = this.refusals.get(method);
    if (refusal !== undefined) {
      this.refusals.delete(method);
      const { code, message } = typeof refusal === 'string' ? { code: 'refused' as const, message: refusal } : refusal;
      return this.tell({ type: 'failure', id, code, message });
    }
    // The page is checked by the compiler; this only looks at what it needs.
    this.tell({ type: 'response', id, result: this.result(method, params as Record<string, unknown>) });
  }
}

declare global {
  interface Window {
    /** The one of this page, whichever it is. */
    panel: FakePanel;
    inspection: Inspection;
  }
}

/** Puts the panel in the place of VS Code, and tells it what the page's policy refused. */
export function installPanel(panel: FakePanel, stateKey: string): void {
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber, sample }) => {
    panel.violations.push(`${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber} ${sample}`);
  });
  window.panel = panel;
  window.inspection = new Inspection();
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: FromWebview) => panel.receive(structuredClone(message)),
      getState: () => JSON.parse(sessionStorage.getItem(stateKey) ?? 'null'),
      setState: (state: unknown) => sessionStorage.setItem(stateKey, JSON.stringify(state)),
    }),
  });
  applyTheme((new URLSearchParams(location.search).get('theme') ?? 'dark') as ThemeName);
}
